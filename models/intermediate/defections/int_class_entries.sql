-- Who came into a class from outside in a month: new customers, split off and returned ones, in the class they end the
-- month in. Who came and was gone by the end of the month never had a class; it counts under none, so that
-- all classes together are all customers.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

customer_states as (
    select * from {{ ref('customer_states') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
),

entries as (
    select
        months.customer_key,
        months.reporting_month,
        int_month_ends.period_end_date as class_month,
        months.first_purchase_month = months.reporting_month as is_first_month,
        coalesce(months.is_split_off, false) as is_split_off,
        states_at_end.is_live as is_live_at_end,
        months.customer_state
    from fct_customer_months as months
    inner join customer_states as states_at_start
        on
            months.customer_state_at_start = states_at_start.customer_state
            and not states_at_start.is_live
    inner join customer_states as states_at_end
        on months.customer_state = states_at_end.customer_state
    inner join int_month_ends
        on months.reporting_month = int_month_ends.reporting_month
    where states_at_end.is_live or months.first_purchase_month = months.reporting_month
),

bases as (
    select distinct edition
    from int_customer_classes
),

classed as (
    select
        bases.edition as basis,
        entries.reporting_month,
        entries.is_first_month,
        entries.is_split_off,
        entries.is_live_at_end,
        {% for scheme in list_class_schemes() -%}
        coalesce(classes.{{ scheme }}_class, 'none') as {{ scheme }}_class,
        {% endfor -%}
        entries.customer_state
    from entries
    cross join bases
    left join int_customer_classes as classes
        on
            entries.customer_key = classes.customer_key
            and entries.class_month = classes.class_month
            and bases.edition = classes.edition
),

final as (
    {% for scheme in list_class_schemes() -%}
    select
        basis,
        reporting_month,
        '{{ scheme }}' as scheme,
        {{ scheme }}_class as customer_class,
        count(case when is_first_month and not is_split_off then 1 end) as new_customer_count,
        count(case when is_first_month and is_split_off then 1 end) as split_customer_count,
        count(case when not is_first_month and is_live_at_end then 1 end) as returned_customer_count,
        count(case when is_first_month and customer_state = 'defected_full' then 1 end) as infant_loss_count,
        count(case when is_first_month and customer_state = 'closed_permanent' then 1 end) as infant_closed_count
    from classed
    group by
        basis,
        reporting_month,
        {{ scheme }}_class
    {% if not loop.last %}
    union all

    {% endif -%}
    {%- endfor %}
)

select * from final
