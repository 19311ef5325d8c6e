with

customer_classes as (
    select * from {{ ref('customer_classes') }}
),

classification_schemes as (
    select * from {{ ref('classification_schemes') }}
),

final as (
    select
        concat(classes.scheme, ':', classes.customer_class) as class_key,
        classes.scheme,
        schemes.sort_order as scheme_sort_order,
        schemes.label_en as scheme_label_en,
        schemes.label_zh as scheme_label_zh,
        schemes.reason as scheme_reason,
        classes.customer_class,
        classes.class_rank,
        classes.label_en,
        classes.label_zh,
        classes.reason
    from customer_classes as classes
    inner join classification_schemes as schemes
        on classes.scheme = schemes.scheme
)

select * from final
