-- What a customer bought in the year before a fiscal quarter and in the year before that, by category.
-- One minus the Jensen-Shannon divergence in bits (Lin 1991): 1 where the mix is the same, 0 where nothing is.
{%- set month_number = "year(reporting_month) * 12 + month(reporting_month)" %}
{%- set quarter_place = "(month(reporting_month) + 12 - " ~ var('fiscal_year_start_month') ~ ") % 3" %}
with

quarters as (
    select * from {{ ref('int_class_months') }}
    where is_fiscal_quarter_start
),

-- By fiscal quarter first: there are far fewer of them than of months.
category_quarters as (
    select
        customer_key,
        product_category,
        {{ month_number }} + 3 - {{ quarter_place }} as next_quarter_number,
        sum(gross_revenue) as gross_revenue
    from {{ ref('int_customer_category_months') }}
    where gross_revenue > 0
    group by
        customer_key,
        product_category,
        {{ month_number }} + 3 - {{ quarter_place }}
),

category_years as (
    select
        category_quarters.customer_key,
        quarters.class_month,
        category_quarters.product_category,
        sum(case
            when quarters.class_month_number - category_quarters.next_quarter_number < 12
                then category_quarters.gross_revenue
            else 0
        end) as this_year,
        sum(case
            when quarters.class_month_number - category_quarters.next_quarter_number >= 12
                then category_quarters.gross_revenue
            else 0
        end) as last_year
    from category_quarters
    inner join quarters
        on
            category_quarters.next_quarter_number <= quarters.class_month_number
            and category_quarters.next_quarter_number > quarters.class_month_number - 24
    group by
        category_quarters.customer_key,
        quarters.class_month,
        category_quarters.product_category
),

totals as (
    select
        customer_key,
        class_month,
        sum(this_year) as this_year,
        sum(last_year) as last_year,
        count(case when this_year > 0 then 1 end) as category_count
    from category_years
    group by
        customer_key,
        class_month
),

shares as (
    select
        totals.customer_key,
        totals.class_month,
        totals.category_count,
        {{ safe_ratio('category_years.this_year', 'totals.this_year') }} as this_share,
        {{ safe_ratio('category_years.last_year', 'totals.last_year') }} as last_share
    from totals
    inner join category_years
        on
            totals.customer_key = category_years.customer_key
            and totals.class_month = category_years.class_month
),

-- As decimals, whose sum does not depend on the order of the rows.
divergences as (
    select
        *,
        cast(
            case when this_share > 0 then this_share * ln(2 * this_share / (this_share + last_share)) else 0 end
            + case when last_share > 0 then last_share * ln(2 * last_share / (this_share + last_share)) else 0 end
            as decimal(18, 12)
        ) as divergence
    from shares
),

final as (
    select
        customer_key,
        class_month,
        category_count,
        case
            when max(this_share) is not null and max(last_share) is not null
                then greatest(1 - cast(sum(divergence) as double) / (2 * ln(2)), 0)
        end as mix_stability
    from divergences
    group by
        customer_key,
        class_month,
        category_count
)

select * from final
