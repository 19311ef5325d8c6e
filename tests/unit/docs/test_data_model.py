"""The drawn data model is the one the marts' YAML declares."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SPEC = importlib.util.spec_from_file_location(
    "build_data_model", ROOT / "docs" / "build_data_model.py"
)
data_model = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(data_model)


def test_the_page_is_what_the_yaml_makes():
    assert data_model.PAGE.read_text(encoding="utf-8") == data_model.render(), (
        "run python docs/build_data_model.py"
    )


def test_joins_are_tests_or_names_and_keys_stand_in_boxes(tmp_path: Path):
    (tmp_path / "sales").mkdir()
    (tmp_path / "sales" / "dim_shops.yml").write_text(
        """
        models:
          - name: dim_shops
            columns: [{name: shop_key, data_type: string, data_tests: [unique]}]
        """,
        encoding="utf-8",
    )
    (tmp_path / "sales" / "fct_sales.yml").write_text(
        """
        models:
          - name: fct_sales
            data_tests:
              - unique_combination: {arguments: {columns: [sale_no, line_no]}}
            columns:
              - {name: sale_no, data_type: string}
              - {name: line_no, data_type: bigint}
              - {name: shop_key, data_type: string}
              - name: sent_from
                data_type: string
                data_tests:
                  - relationships: {arguments: {to: ref('dim_shops'), field: shop_key}}
              - {name: amount, data_type: "decimal(18, 4)"}
        """,
        encoding="utf-8",
    )
    page = data_model.render(tmp_path)
    diagram = page[page.index("erDiagram") : page.rindex("```")].splitlines()
    assert diagram == [
        "erDiagram",
        "    direction LR",
        "    dim_shops ||--o{ fct_sales : shop_key",
        "    dim_shops ||--o{ fct_sales : sent_from",
        "    dim_shops {",
        "        string shop_key PK",
        "    }",
        "    fct_sales {",
        "        string sale_no PK",
        "        bigint line_no PK",
        "    }",
    ]
