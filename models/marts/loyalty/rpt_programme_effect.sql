-- What programmes and rewards do: their members when a fiscal year began, against others of the same class. Members
-- were chosen and not drawn, so a difference is a reason to look and no proof.
with

payments as (
    select
        payments.*,
        dim_months.fiscal_year
    from {{ ref('int_programme_payments') }} as payments
    inner join {{ ref('dim_months') }} as dim_months
        on
            payments.paid_date >= dim_months.reporting_month
            and payments.paid_date < dim_months.period_end_date
),

years as (
    select
        fiscal_year,
        count(case when is_closed_month then 1 end) = 12 as is_closed_year
    from {{ ref('dim_months') }}
    group by fiscal_year
),

programmes as (
    select distinct
        programme,
        min(fiscal_year) over () as first_fiscal_year
    from payments
),

costs as (
    select
        programme,
        fiscal_year,
        sum(paid_amount) as cost_amount,
        sum(case when customer_key is null then paid_amount end) as unassigned_amount,
        count(customer_key) as named_count
    from payments
    group by programme, fiscal_year
),

-- Of classes with somebody who is no member: nobody else can tell what would have been without the programme.
compared as (
    select
        programme,
        fiscal_year,
        true as is_known,
        sum(member_customer_count) as member_count,
        sum(case when other_customer_count > 0 then member_customer_count else 0 end) as matched_count,
        sum(case when other_customer_count > 0 then member_lost_count else 0 end) as lost_count,
        {{ exact_sum('member_customer_count * ' ~ safe_ratio('other_lost_count', 'other_customer_count')) }}
            as expected_lost_count,
        sum(member_costed_count) as costed_count,
        sum(case when other_margin_before > 0 then member_margin_before end) as margin_before,
        sum(case when other_margin_before > 0 then member_margin_after end) as margin_after,
        {{ exact_sum(
            'case when other_margin_before > 0 then cast(member_margin_before as double) * '
            ~ safe_ratio('other_margin_after', 'other_margin_before') ~ ' end'
        ) }} as expected_margin_after,
        sum(member_paid_amount) as paid_amount
    from {{ ref('int_programme_classes') }}
    group by programme, fiscal_year
),

known as (
    select
        programmes.programme,
        years.fiscal_year,
        years.is_closed_year,
        coalesce(costs.cost_amount, 0) as cost_amount,
        coalesce(costs.unassigned_amount, 0) as unassigned_amount,
        -- Not known before the first year anything is told of, nor where the year before names nobody paid for.
        years.is_closed_year and years.fiscal_year > programmes.first_fiscal_year
        and coalesce(before.named_count > 0, true) as is_known
    from programmes
    cross join years
    left join costs
        on
            programmes.programme = costs.programme
            and years.fiscal_year = costs.fiscal_year
    left join costs as before
        on
            programmes.programme = before.programme
            and years.fiscal_year = before.fiscal_year + 1
),

final as (
    select
        known.programme,
        known.fiscal_year,
        cast(known.cost_amount as decimal(18, 4)) as cost_amount,
        cast(known.unassigned_amount as decimal(18, 4)) as unassigned_amount,
        cast(case when known.is_known then coalesce(compared.member_count, 0) end as bigint) as member_count,
        cast(compared.matched_count as bigint) as matched_count,
        cast(compared.lost_count as bigint) as lost_count,
        {{ safe_ratio('compared.lost_count', 'compared.matched_count') }} as lost_rate,
        {{ wilson_bound('compared.lost_count', 'compared.matched_count', 'low') }} as lost_low_rate,
        {{ wilson_bound('compared.lost_count', 'compared.matched_count', 'high') }} as lost_high_rate,
        {{ safe_ratio('compared.expected_lost_count', 'compared.matched_count') }} as matched_lost_rate,
        cast(compared.costed_count as bigint) as costed_count,
        cast(compared.margin_before as decimal(18, 4)) as margin_before_amount,
        cast(compared.margin_after as decimal(18, 4)) as margin_after_amount,
        cast(compared.expected_margin_after as decimal(18, 4)) as matched_margin_after_amount,
        cast(compared.margin_after - compared.expected_margin_after as decimal(18, 4)) as incremental_margin_amount,
        cast(compared.paid_amount as decimal(18, 4)) as member_paid_amount,
        -- A reward that brought nothing has no price for what it brought.
        case
            when compared.margin_after > compared.expected_margin_after
                then cast(compared.paid_amount as double) / (compared.margin_after - compared.expected_margin_after)
        end as cost_to_margin_ratio,
        known.is_closed_year
    from known
    left join compared
        on
            known.programme = compared.programme
            and known.fiscal_year = compared.fiscal_year
            and known.is_known = compared.is_known
)

select * from final
