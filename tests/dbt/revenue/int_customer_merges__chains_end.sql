-- A chain of merges longer than follow_chains goes, or one that bites its own tail, leaves a customer
-- with a key that was itself merged away.
with

int_customer_merges as (
    select * from {{ ref('int_customer_merges') }}
),

ends as (
    select
        merged_codes.customer_code,
        merged_codes.customer_key,
        survivors.merged_into_code
    from int_customer_merges as merged_codes
    inner join int_customer_merges as survivors
        on merged_codes.customer_key = survivors.customer_code
    where survivors.is_absorbed
)

select * from ends
