-- Do others of its industry come once a key account has been won? New customers in the year after its first order and
-- in the year before, beside those of all other industries, which show what came to everybody. The account itself and
-- its group are in neither. Windows of wins in one industry overlap: rows must not be added up.
with

int_lighthouse_wins as (
    select * from {{ ref('int_lighthouse_wins') }}
),

newcomers as (
    select * from {{ ref('dim_customers') }}
    where
        first_purchase_date is not null
        and not is_internal
        and not coalesce(is_history_truncated, false)
        and split_from_customer_key is null
),

-- By day and industry, of which there are few: every win would otherwise be laid beside every newcomer.
newcomer_days as (
    select
        industry,
        first_purchase_date,
        count(*) as newcomer_count
    from newcomers
    group by
        industry,
        first_purchase_date
),

seen as (
    select
        wins.customer_key,
        newcomer_days.industry,
        newcomer_days.first_purchase_date,
        newcomer_days.newcomer_count
    from int_lighthouse_wins as wins
    inner join newcomer_days
        on newcomer_days.first_purchase_date between wins.window_from_date and wins.window_to_date
    union all
    -- Less those of its own group.
    select
        wins.customer_key,
        newcomers.industry,
        newcomers.first_purchase_date,
        -1 as newcomer_count
    from int_lighthouse_wins as wins
    inner join newcomers
        on
            wins.group_customer_key = newcomers.group_customer_key
            and newcomers.first_purchase_date between wins.window_from_date and wins.window_to_date
),

counted as (
    select
        wins.customer_key,
        {% for side, condition in {
            'before': 'seen.first_purchase_date < wins.won_date',
            'after': 'seen.first_purchase_date > wins.won_date',
        }.items() -%}
        {% for kind, comparison in {'new': '=', 'other': '<>'}.items() -%}
        sum(case
            when seen.industry {{ comparison }} wins.industry and {{ condition }} then seen.newcomer_count
            else 0
        end) as {{ kind }}_{{ side }}_count,
        {% endfor -%}
        {% endfor -%}
        sum(case when seen.industry is not null then seen.newcomer_count else 0 end) as known_industry_count,
        coalesce(sum(seen.newcomer_count), 0) as newcomer_count
    from int_lighthouse_wins as wins
    left join seen
        on wins.customer_key = seen.customer_key
    group by wins.customer_key
),

-- A window that is not over counts nothing.
watched as (
    select
        wins.customer_key,
        wins.industry,
        wins.won_date,
        wins.qualified_month,
        wins.lighthouse_window_months,
        {% for column in ['new_before', 'new_after', 'other_before', 'other_after', 'known_industry', 'newcomer'] -%}
        cast(case when wins.is_window_complete then counted.{{ column }}_count end as bigint) as {{ column }}_count,
        {% endfor -%}
        wins.is_window_complete
    from int_lighthouse_wins as wins
    inner join counted
        on wins.customer_key = counted.customer_key
),

final as (
    select
        customer_key,
        industry,
        won_date,
        qualified_month,
        lighthouse_window_months as window_months,
        new_before_count,
        new_after_count,
        new_after_count - new_before_count as new_customer_difference,
        {{ safe_ratio('new_after_count', 'new_before_count + new_after_count') }} as after_share,
        {{ wilson_bound('new_after_count', '(new_before_count + new_after_count)', 'low') }} as after_low_share,
        {{ wilson_bound('new_after_count', '(new_before_count + new_after_count)', 'high') }} as after_high_share,
        other_before_count,
        other_after_count,
        {{ safe_ratio('other_after_count', 'other_before_count + other_after_count') }} as other_after_share,
        {{ safe_ratio('known_industry_count', 'newcomer_count') }} as industry_known_share,
        is_window_complete
    from watched
)

select * from final
