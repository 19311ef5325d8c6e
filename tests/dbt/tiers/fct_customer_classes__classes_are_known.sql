-- A class without a row in the seed has no label and is in no list.
with

classes as (
    select
        scheme,
        class_as_known as customer_class
    from {{ ref('fct_customer_classes') }}
    union distinct
    select
        scheme,
        class_restated as customer_class
    from {{ ref('fct_customer_classes') }}
)

select
    classes.scheme,
    classes.customer_class
from classes
left join {{ ref('dim_classes') }} as dim_classes
    on
        classes.scheme = dim_classes.scheme
        and classes.customer_class = dim_classes.customer_class
where dim_classes.class_key is null
