-- The guesses of the wallet model against the wallets customers stated, beside the error of the simplest guess. Errors
-- are relative, and the median is taken: one tender of a thousand times the usual would be the whole mean.
with

modelled as (
    select
        product_category,
        reporting_month,
        model_version,
        error_ratio,
        own_spend_error_ratio
    from {{ ref('fct_modelled_wallets') }}
),

repeated as (
    select * from modelled
    union all
    select
        'all' as product_category,
        reporting_month,
        model_version,
        error_ratio,
        own_spend_error_ratio
    from modelled
),

counted as (
    select
        product_category,
        reporting_month,
        model_version,
        cast(count(*) as bigint) as modelled_count,
        cast(count(error_ratio) as bigint) as validated_count,
        median(error_ratio) as median_error_ratio,
        median(abs(error_ratio)) as median_absolute_error_ratio,
        median(abs(own_spend_error_ratio)) as median_own_spend_error_ratio,
        cast(count(case when error_ratio < 0 then 1 end) as bigint) as too_low_count
    from repeated
    group by
        product_category,
        reporting_month,
        model_version
),

final as (
    select
        product_category,
        reporting_month,
        model_version,
        modelled_count,
        validated_count,
        {{ safe_ratio('validated_count', 'modelled_count') }} as coverage_share,
        median_error_ratio,
        median_absolute_error_ratio,
        median_own_spend_error_ratio,
        too_low_count,
        {{ safe_ratio('too_low_count', 'validated_count') }} as too_low_rate,
        {{ wilson_bound('too_low_count', 'validated_count', 'low') }} as too_low_low_rate,
        {{ wilson_bound('too_low_count', 'validated_count', 'high') }} as too_low_high_rate
    from counted
)

select * from final
