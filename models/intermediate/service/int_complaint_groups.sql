-- Every complaint stands in the whole company and in one class of each scheme: the one its customer had at the start
-- of the month, as known then. Who was not there yet when the month began has no class.
{%- set schemes = ['core', 'abcd', 'key_account'] %}
with

complaints as (
    select * from {{ ref('fct_cases') }}
    where case_type = 'complaint'
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
    where edition = 'as_known'
),

final as (
    select
        complaints.case_id,
        complaints.reporting_month,
        'all' as scheme,
        'all' as customer_class
    from complaints
    {%- for scheme in schemes %}

    union all

    select
        complaints.case_id,
        complaints.reporting_month,
        '{{ scheme }}' as scheme,
        coalesce(classes.{{ scheme }}_class, 'unclassified') as customer_class
    from complaints
    left join int_customer_classes as classes
        on
            complaints.customer_key = classes.customer_key
            and complaints.reporting_month = classes.class_month
    {%- endfor %}
)

select * from final
