-- Median and slow end of how long complaints take, by Kaplan and Meier 1958: what is still open has lasted at least
-- so long, and leaving it out would flatter whoever solves the easy ones first. A quantile is the first time by which
-- that share is through; NULL where it is not reached. A first solving that nobody told is left out.
{%- set steps = ['acknowledgement', 'first_response', 'first_resolution', 'resolution'] %}
{%- set clocks = {'calendar': '_minutes', 'business': '_business_minutes'} %}
with

fct_cases as (
    select * from {{ ref('fct_cases') }}
    where handling_status <> 'merged'
),

int_complaint_groups as (
    select * from {{ ref('int_complaint_groups') }}
),

int_service_policies as (
    select * from {{ ref('int_service_policies') }}
),

watched as (
    {%- for step in steps %}
    {%- for clock, suffix in clocks.items() %}
    select
        case_id,
        '{{ step }}' as step,
        '{{ clock }}' as clock,
        case when {{ step }}_minutes is null then followed{{ suffix }} else {{ step }}{{ suffix }} end
            as lasted_minutes,
        {{ step }}_minutes is not null as is_over
    from fct_cases{{ ' where is_first_resolution_known' if step == 'first_resolution' }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

times as (
    select
        complaints.reporting_month,
        complaints.scheme,
        complaints.customer_class,
        watched.step,
        watched.clock,
        watched.lasted_minutes,
        count(*) as complaint_count,
        count(case when watched.is_over then 1 end) as over_count
    from watched
    inner join int_complaint_groups as complaints
        on watched.case_id = complaints.case_id
    where watched.lasted_minutes is not null
    group by
        complaints.reporting_month,
        complaints.scheme,
        complaints.customer_class,
        watched.step,
        watched.clock,
        watched.lasted_minutes
),

{% set series = "partition by reporting_month, scheme, customer_class, step, clock order by lasted_minutes" -%}
at_risk as (
    select
        *,
        sum(complaint_count) over (
            {{ series }} desc nulls last
            rows between unbounded preceding and current row
        ) as at_risk_count
    from times
),

multiplied as (
    select
        *,
        min(at_risk_count - over_count) over (
            {{ series }} asc nulls last
            rows between unbounded preceding and current row
        ) = 0 as is_extinct,
        exp(sum(
            case when over_count < at_risk_count then ln(1 - over_count / cast(at_risk_count as double)) else 0 end
        ) over (
            {{ series }} asc nulls last
            rows between unbounded preceding and current row
        )) as product
    from at_risk
),

survived as (
    select
        *,
        -- Twelve digits: the last ones differ between engines, which multiply by way of logarithms.
        case when is_extinct then cast(0 as double) else round(product, 12) end as survival_rate
    from multiplied
),

final as (
    select
        survived.reporting_month,
        survived.scheme,
        survived.customer_class,
        survived.step,
        survived.clock,
        min(case when survived.survival_rate <= 0.5 then survived.lasted_minutes end) as median_minutes,
        min(case
            when survived.survival_rate <= 1 - policies.late_percentile_share then survived.lasted_minutes
        end) as late_minutes
    from survived
    inner join int_service_policies as policies
        on survived.reporting_month = policies.reporting_month
    where survived.over_count > 0
    group by
        survived.reporting_month,
        survived.scheme,
        survived.customer_class,
        survived.step,
        survived.clock
)

select * from final
