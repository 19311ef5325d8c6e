-- How often a full defection was called wrongly, by the class at the start of the month it was called in, in
-- the month in which that is known. Whoever was new in the month had no class and is in the total alone.
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

int_defection_outcomes as (
    select * from {{ ref('int_defection_outcomes') }}
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
),

called as (
    select
        episodes.customer_key,
        {{ month_of('episodes.defected_on') }} as defected_month,
        {{ month_of('outcomes.mature_on') }} as reporting_month,
        coalesce(outcomes.is_false_defection, false) as is_false_defection
    from int_defections as episodes
    inner join int_defection_outcomes as outcomes
        on
            episodes.customer_key = outcomes.customer_key
            and episodes.episode_no = outcomes.episode_no
),

bases as (
    select distinct edition
    from int_customer_classes
),

final as (
    select
        bases.edition as basis,
        called.reporting_month,
        'all' as scheme,
        'all' as customer_class,
        count(*) as mature_episode_count,
        count(case when called.is_false_defection then 1 end) as false_defection_count
    from called
    cross join bases
    group by
        bases.edition,
        called.reporting_month
    {% for scheme in list_class_schemes() %}
    union all

    select
        classes.edition as basis,
        called.reporting_month,
        '{{ scheme }}' as scheme,
        classes.{{ scheme }}_class as customer_class,
        count(*) as mature_episode_count,
        count(case when called.is_false_defection then 1 end) as false_defection_count
    from called
    inner join int_customer_classes as classes
        on
            called.customer_key = classes.customer_key
            and called.defected_month = classes.class_month
    group by
        classes.edition,
        called.reporting_month,
        classes.{{ scheme }}_class
    {% endfor %}
)

select * from final
