-- A group is lost when its last customer is: who orders under another code of the group from now on, known
-- at the start of the period or not, has not left. A group all of whose customers closed for good is closed.
{%- set months = {'month': 1, 'quarter': 3, 'trailing_year': 12} %}
with

int_churn_bases as (
    select * from {{ ref('int_churn_bases') }}
),

int_customer_groups as (
    select * from {{ ref('int_customer_groups') }}
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
    where edition = 'as_known'
),

-- A customer alone has no other code to go to, and nearly all are.
groups_of_several as (
    select group_customer_key
    from int_customer_groups
    group by group_customer_key
    having count(*) > 1
),

-- Everybody live at the start of a month has a class, the month after the last one included.
live_groups as (
    select distinct
        int_customer_groups.group_customer_key,
        int_customer_classes.class_month
    from int_customer_classes
    inner join int_customer_groups
        on int_customer_classes.customer_key = int_customer_groups.customer_key
    inner join groups_of_several
        on int_customer_groups.group_customer_key = groups_of_several.group_customer_key
),

key_accounts as (
    select
        customer_key,
        class_month
    from int_customer_classes
    where key_account_class = 'key_account'
),

starts as (
    select
        bases.group_customer_key,
        bases.reporting_month,
        groups_of_several.group_customer_key is not null as has_several_members,
        max(case when key_accounts.customer_key is not null then 1 else 0 end) = 1 as has_key_account,
        {% for horizon in months -%}
        count(case when bases.is_full_after_{{ horizon }} then 1 end) as lost_{{ horizon }}_count,
        count(case when bases.is_closed_after_{{ horizon }} then 1 end) as closed_{{ horizon }}_count,
        {% endfor -%}
        sum(bases.revenue_at_start) as revenue,
        count(*) as customer_count
    from int_churn_bases as bases
    left join groups_of_several
        on bases.group_customer_key = groups_of_several.group_customer_key
    left join key_accounts
        on
            bases.customer_key = key_accounts.customer_key
            and bases.reporting_month = key_accounts.class_month
    group by
        bases.group_customer_key,
        bases.reporting_month,
        groups_of_several.group_customer_key
),

{% for horizon, length in months.items() -%}
{{ horizon }}_ends as (
    select
        starts.*,
        '{{ horizon }}' as horizon,
        starts.lost_{{ horizon }}_count as lost_count,
        case
            when live_groups.group_customer_key is not null then 'kept'
            when starts.customer_count > starts.lost_{{ horizon }}_count + starts.closed_{{ horizon }}_count then 'kept'
            when starts.lost_{{ horizon }}_count > 0 then 'lost'
            else 'closed'
        end as group_outcome
    from starts
    left join live_groups
        on
            starts.group_customer_key = live_groups.group_customer_key
            and live_groups.class_month
            = cast({{ dbt.dateadd('month', length, 'starts.reporting_month') }} as date)
),

{% endfor -%}
ends as (
    {% for horizon in months -%}
    select * from {{ horizon }}_ends
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

final as (
    select
        horizon,
        reporting_month,
        has_several_members,
        has_key_account,
        count(*) as start_group_count,
        count(case when group_outcome = 'lost' then 1 end) as lost_group_count,
        count(case when group_outcome = 'closed' then 1 end) as closed_group_count,
        sum(revenue) as start_revenue,
        sum(case when group_outcome = 'lost' then revenue else 0 end) as lost_revenue,
        sum(customer_count) as start_customer_count,
        sum(lost_count) as lost_customer_count,
        sum(case when group_outcome = 'kept' then lost_count else 0 end) as lost_in_kept_group_count
    from ends
    group by all
)

select * from final
