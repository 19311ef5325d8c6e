-- Figures of the director's page that are counted from the defections and from shares of wallet themselves.
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

int_defection_ramps as (
    select * from {{ ref('int_defection_ramps') }}
),

int_defection_findings as (
    select * from {{ ref('int_defection_findings') }}
),

int_share_of_wallet_months as (
    select * from {{ ref('int_share_of_wallet_months') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

int_wallet_policies as (
    select * from {{ ref('int_wallet_policies') }}
),

losses as (
    select
        {{ month_of('episodes.detected_on') }} as reporting_month,
        count(case when episodes.defection_type = 'full' then 1 end) as full_count,
        count(case when episodes.defection_type = 'partial' then 1 end) as partial_count,
        count(case when episodes.escalated_on is not null then 1 end) as escalated_count,
        count(case when ramps.is_gradual then 1 end) as gradual_count,
        count(*) as episode_count,
        count(ramps.lost_margin_t12) as costed_count,
        sum(ramps.lost_net_revenue_t12) as lost_revenue,
        sum(ramps.lost_margin_t12) as lost_margin,
        count(case when findings.controllability <> 'unknown' then 1 end) as known_cause_count,
        count(case when findings.controllability = 'controllable' then 1 end) as controllable_count,
        count(
            coalesce(
                findings.exit_class,
                case when findings.destination_competitor_key is null then wallets.wallet_exit_class end
            )
        ) as known_exit_count,
        count(case when findings.exit_class = 'to_competitor' then 1 end) as to_competitor_count
    from int_defections as episodes
    inner join int_defection_ramps as ramps
        on
            episodes.customer_key = ramps.customer_key
            and episodes.episode_no = ramps.episode_no
    left join int_defection_findings as findings
        on
            episodes.customer_key = findings.customer_key
            and episodes.episode_no = findings.episode_no
    left join {{ ref('int_defection_wallets') }} as wallets
        on
            episodes.customer_key = wallets.customer_key
            and episodes.episode_no = wallets.episode_no
    group by {{ month_of('episodes.detected_on') }}
),

shares as (
    select
        wallets.reporting_month,
        count(wallets.d_sow) as moved_count,
        count(case when wallets.d_sow > policies.movement_tolerance_share then 1 end) as up_count,
        count(case when wallets.d_sow < -policies.movement_tolerance_share then 1 end) as down_count
    from int_share_of_wallet_months as wallets
    inner join int_month_ends
        on wallets.reporting_month = int_month_ends.reporting_month
    inner join int_wallet_policies as policies
        on int_month_ends.fiscal_year = policies.fiscal_year
    group by wallets.reporting_month
),

final as (
    {% for measure, value, denominator, coverage in [
        ('full_defection_count', 'full_count', 'null', 'null'),
        ('partial_defection_count', 'partial_count', 'null', 'null'),
        ('lost_revenue_t12', 'lost_revenue', 'null', 'null'),
        ('lost_margin_t12', 'lost_margin', 'null', safe_ratio('costed_count', 'episode_count')),
        ('escalated_share', 'escalated_count', 'full_count', 'null'),
        ('gradual_share', 'gradual_count', 'episode_count', 'null'),
        ('controllable_share', 'controllable_count', 'known_cause_count',
            safe_ratio('known_cause_count', 'episode_count')),
        ('to_competitor_share', 'to_competitor_count', 'known_exit_count',
            safe_ratio('known_exit_count', 'episode_count')),
    ] -%}
    {{ board_figure(
        'losses', "'" ~ measure ~ "'", value if denominator == 'null' else safe_ratio(value, denominator), value,
        denominator, coverage=coverage,
    ) }}
    from losses

    union all

    {% endfor -%}
    {{ board_figure(
        'share_of_wallet', "'share_up_rate'", safe_ratio('up_count', 'moved_count'), 'up_count', 'moved_count',
        wilson_bound('up_count', 'moved_count', 'low'), wilson_bound('up_count', 'moved_count', 'high'),
    ) }}
    from shares

    union all

    {{ board_figure(
        'share_of_wallet', "'share_down_rate'", safe_ratio('down_count', 'moved_count'), 'down_count', 'moved_count',
        wilson_bound('down_count', 'moved_count', 'low'), wilson_bound('down_count', 'moved_count', 'high'),
    ) }}
    from shares
)

select * from final
