{#
    One limit of a u-chart: centre plus or minus so many standard deviations of a Poisson rate over the
    exposure of its own month, widened by Laney's sigma_z where months vary more than Poisson says, and
    never below zero.
#}
{% macro u_chart_limit(centre, exposure, sigmas, sigma_z, bound) -%}
{%- set width = sigmas ~ " * " ~ sigma_z ~ " * sqrt(" ~ centre ~ " / nullif(cast(" ~ exposure ~ " as double), 0))" -%}
    {% if bound == 'low' -%}
    case when {{ centre }} >= {{ width }} then {{ centre }} - {{ width }} when {{ width }} is not null then 0 end
    {%- else -%}
    {{ centre }} + {{ width }}
    {%- endif %}
{%- endmacro %}


{#
    Adds the CTE <name>: what a u-chart says of a month from the months before it, which the relation lists, one row
    for each: their events and exposure, the centre line, and Laney's factor of overdispersion (Laney 2002), the
    mean moving range of their z-scores over d2, the mean range of two standard normal values. Months that vary less
    than Poisson says are luck and narrow nothing.
#}
{% macro add_chart_baselines(name, relation, keys, place) -%}
{%- set series = "partition by " ~ keys | join(', ') -%}
{{ name }}_centred as (
    select
        *,
        sum(event_count) over ({{ series }}) / sum(exposure_count) over ({{ series }}) as centre
    from {{ relation }}
),

{{ name }}_scored as (
    select
        *,
        (event_count / exposure_count - centre) / nullif(sqrt(centre / exposure_count), 0) as z_score
    from {{ name }}_centred
),

{{ name }}_moved as (
    select
        *,
        abs(z_score - lag(z_score) over ({{ series }} order by {{ place }} asc nulls last)) as moving_range
    from {{ name }}_scored
),

{{ name }} as (
    select
        {{ keys | join(',\n        ') }},
        sum(event_count) as baseline_events,
        sum(exposure_count) as baseline_exposure,
        count(*) as baseline_months,
        max(centre) as centre,
        greatest(1, coalesce({{ exact_sum('moving_range') }} / nullif(count(moving_range), 0) / 1.128, 1)) as sigma_z
    from {{ name }}_moved
    group by
        {{ keys | join(',\n        ') }}
),
{%- endmacro %}
