{# Rules of the defection marts that several models share. #}

{# Whole months from one first day of a month to another; portable, unlike every datediff by month. #}
{% macro months_apart(first_month, last_month) -%}
    ((year({{ last_month }}) - year({{ first_month }})) * 12 + month({{ last_month }}) - month({{ first_month }}))
{%- endmacro %}


{# How far an amount fell, 0 where it rose and NULL where either end is unknown: greatest() would hide that. #}
{% macro fall_between(amount_before, amount_after) -%}
    case
        when {{ amount_before }} > {{ amount_after }} then {{ amount_before }} - {{ amount_after }}
        when {{ amount_before }} <= {{ amount_after }} then 0
    end
{%- endmacro %}


{# Select list of one figure of the director's page. #}
{% macro board_figure(
    section, measure, value, numerator, denominator='null', low='null', high='null', coverage='null',
    scheme="'all'", customer_class="'all'"
) -%}
    select
        reporting_month,
        '{{ section }}' as section,
        {{ measure }} as measure,
        {{ scheme }} as scheme,
        {{ customer_class }} as customer_class,
        cast({{ value }} as double) as figure_value,
        cast({{ numerator }} as double) as numerator,
        cast({{ denominator }} as double) as denominator,
        cast({{ low }} as double) as low_value,
        cast({{ high }} as double) as high_value,
        cast({{ coverage }} as double) as coverage_share
{%- endmacro %}


{#
    Adds the CTE <name>: losses after a first happening of each kind, beside those expected of buyers of the same
    month and class, or alike in what else is named, whom it had not happened to for the washout. Whom it happened to
    again is in neither group: it was counted. Expects the CTEs int_loss_followups and int_failure_policies; the
    happenings name the kind, the customer and the month, each once.
#}
{% macro add_matched_losses(name, happenings, kind, alike=['customer_class']) -%}
{%- set stratum = ['reporting_month'] + alike -%}
{{ name }}_strata as (
    select
        {{ stratum | join(',\n        ') }},
        count(*) as buyer_count,
        count(case when is_lost then 1 end) as lost_count
    from int_loss_followups
    group by
        {{ stratum | join(',\n        ') }}
),

{{ name }}_touched as (
    select
        happenings.{{ kind }},
        followed.customer_key,
        followed.{{ stratum | join(',\n        followed.') }},
        followed.is_lost,
        followed.is_closed_permanently,
        min(happenings.reporting_month) = followed.reporting_month as is_first
    from int_loss_followups as followed
    inner join int_failure_policies as policies
        on followed.reporting_month = policies.reporting_month
    inner join {{ happenings }} as happenings
        on
            followed.customer_key = happenings.customer_key
            and {{ months_apart('happenings.reporting_month', 'followed.reporting_month') }}
            between 0 and policies.effect_washout_months
    group by
        happenings.{{ kind }},
        followed.customer_key,
        followed.{{ stratum | join(',\n        followed.') }},
        followed.is_lost,
        followed.is_closed_permanently
),

{{ name }}_grouped as (
    select
        {{ kind }},
        {{ stratum | join(',\n        ') }},
        count(*) as touched_count,
        count(case when is_lost then 1 end) as touched_lost_count,
        count(case when is_first then 1 end) as exposed_count,
        count(case when is_first and is_lost then 1 end) as exposed_lost_count,
        count(case when is_first and is_closed_permanently and not is_lost then 1 end) as exposed_closed_count
    from {{ name }}_touched
    group by
        {{ kind }},
        {{ stratum | join(',\n        ') }}
),

{{ name }}_matched as (
    select
        grouped.*,
        strata.buyer_count - grouped.touched_count as control_count,
        {{ safe_ratio(
            'strata.lost_count - grouped.touched_lost_count', 'strata.buyer_count - grouped.touched_count'
        ) }} as control_rate
    from {{ name }}_grouped as grouped
    inner join {{ name }}_strata as strata
        on
            {% for column in stratum -%}
            {{ 'and ' if not loop.first }}grouped.{{ column }} = strata.{{ column }}
            {% endfor %}
),

{{ name }} as (
    select
        {{ kind }},
        min(reporting_month) as from_month,
        max(reporting_month) as to_month,
        cast(sum(exposed_count) as bigint) as exposed_count,
        cast(sum(exposed_lost_count) as bigint) as lost_count,
        cast(sum(exposed_closed_count) as bigint) as closed_count,
        {{ exact_sum('exposed_count * control_rate') }} as expected_lost_count
    from {{ name }}_matched
    -- Without anybody to compare with a customer says nothing.
    where control_count > 0 and exposed_count > 0
    group by {{ kind }}
),
{%- endmacro %}
