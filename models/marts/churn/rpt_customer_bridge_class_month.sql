-- start + new + split off + returned + migrated in - migrated out - lost - closed = end, for every class. Each part is
-- counted by itself, the ends from next month's classes, so that the sum is a proof and no definition.
with

int_class_churn_counts as (
    select * from {{ ref('int_class_churn_counts') }}
),

int_class_entries as (
    select * from {{ ref('int_class_entries') }}
),

int_class_populations as (
    select * from {{ ref('int_class_populations') }}
),

rpt_class_migration as (
    select * from {{ ref('rpt_class_migration') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_provisional_months as (
    select * from {{ ref('int_provisional_months') }}
),

{% set parts = [
    'start_customer_count', 'new_customer_count', 'split_customer_count', 'returned_customer_count',
    'migrated_in_customer_count', 'migrated_out_customer_count', 'lost_customer_count', 'closed_customer_count', 'end_customer_count',
] -%}
{% set sources = [
    (
        'int_class_churn_counts', "scheme <> 'all' and basis <> 'year_earlier'", 'customer_class',
        {'start_customer_count': 'start_full_count', 'lost_customer_count': 'full_month_count',
         'closed_customer_count': 'closed_month_count'},
    ),
    (
        'int_class_entries', 'true', 'customer_class',
        {'new_customer_count': 'new_customer_count', 'split_customer_count': 'split_customer_count',
         'returned_customer_count': 'returned_customer_count',
         'lost_customer_count': 'infant_loss_count', 'closed_customer_count': 'infant_closed_count'},
    ),
    (
        'rpt_class_migration', "class_at_end <> class_at_start and class_at_end <> 'left'", 'class_at_start',
        {'migrated_out_customer_count': 'customer_count'},
    ),
    (
        'rpt_class_migration', "class_at_end <> class_at_start and class_at_end <> 'left'", 'class_at_end',
        {'migrated_in_customer_count': 'customer_count'},
    ),
] -%}
gathered as (
    {% for source, condition, class_column, columns in sources -%}
    select
        basis,
        scheme,
        {{ class_column }} as customer_class,
        {% for part in parts -%}
        cast({{ columns.get(part, 0) }} as bigint) as {{ part }},
        {% endfor -%}
        reporting_month
    from {{ source }}
    where {{ condition }}

    union all

    {% endfor -%}
    select
        populations.basis,
        populations.scheme,
        populations.customer_class,
        {% for part in parts -%}
        {{ 'populations.customer_count' if part == 'end_customer_count' else 'cast(0 as bigint)' }} as {{ part }},
        {% endfor -%}
        dim_months.reporting_month
    from int_class_populations as populations
    inner join dim_months
        on populations.class_month = dim_months.period_end_date
),

added as (
    select
        basis,
        scheme,
        customer_class,
        {% for part in parts -%}
        cast(sum({{ part }}) as bigint) as {{ part }},
        {% endfor -%}
        reporting_month
    from gathered
    group by
        basis,
        scheme,
        customer_class,
        reporting_month
),

final as (
    select
        added.scheme,
        added.customer_class,
        added.basis,
        added.reporting_month,
        {% for part in parts -%}
        added.{{ part }},
        {% endfor -%}
        provisional.reporting_month is not null as is_provisional,
        dim_months.is_closed_month
    from added
    inner join dim_months
        on added.reporting_month = dim_months.reporting_month
    left join int_provisional_months as provisional
        on added.reporting_month = provisional.reporting_month
)

select * from final
