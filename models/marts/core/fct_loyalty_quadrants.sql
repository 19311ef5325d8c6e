-- One row per live customer and month. Cut points hold for a fiscal year; indices move every month.
with

int_loyalty_indices as (
    select * from {{ ref('int_loyalty_indices') }}
),

int_loyalty_cuts as (
    select * from {{ ref('int_loyalty_cuts') }}
),

measured as (
    select
        indices.*,
        cuts.expected_purchase_days,
        cuts.frequency_cut,
        cuts.dependence_cut,
        cuts.dependence_cut_basis,
        {{ safe_ratio('indices.purchase_day_count_t12', 'cuts.expected_purchase_days') }} as frequency_index
    from int_loyalty_indices as indices
    left join int_loyalty_cuts as cuts
        on
            indices.customer_key = cuts.customer_key
            and indices.fiscal_year = cuts.fiscal_year
),

final as (
    select
        customer_key,
        reporting_month,
        case
            when frequency_index is null or dependence_index is null then 'unclassified'
            when frequency_index >= frequency_cut and dependence_index >= dependence_cut then 'high'
            when frequency_index >= frequency_cut then 'inertia'
            when dependence_index >= dependence_cut then 'latent'
            else 'zero'
        end as quadrant,
        purchase_day_count_t12,
        expected_purchase_days,
        frequency_index,
        frequency_cut,
        sow_t12,
        sole_source_share,
        has_contract,
        has_service_mode,
        reward_amount_t12,
        owner_tenure_months,
        switching_barrier,
        dependence_index,
        dependence_cut,
        dependence_cut_basis
    from measured
)

select * from final
