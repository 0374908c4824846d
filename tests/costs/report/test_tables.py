"""A plain table: every cell as it is, and with its column's heading where a phone hides the head."""

import re

from costs.report.tables import markdown_table, table_page

HEAD = ("", "where", "what")
ROWS = [("1", "aws <us-east-1>", "one NAT gateway for all zones instead of three"), ("2", "gcp", "spot")]
LONG = f"/home/{'a/' * 100}stack.json: what would save money"


def test_every_cell_of_a_named_column_has_its_heading_and_long_columns_a_line_of_their_own() -> None:
    html = table_page("prod", HEAD, ROWS)
    assert html.count('data-label="where"') == html.count('data-label="what"') == 2
    assert "<td>1</td>" in html
    # The whole column, or its cells would stand in another place from row to row.
    assert html.count('data-label="what" class="wide"') == 2
    assert 'data-label="where" class="wide"' not in html
    assert "aws &lt;us-east-1&gt;" in html


def test_a_long_title_loses_its_middle() -> None:
    page_title = re.findall(r"<h1>(.*)</h1>", table_page(LONG, HEAD, ROWS))[0]
    for title in (page_title, markdown_table(LONG, HEAD, ROWS).splitlines()[0].removeprefix("## ")):
        assert len(title) == 100
        assert title.startswith("/home/a/")
        assert title.endswith("save money")
    assert "<h1>prod: what would save money</h1>" in table_page("prod: what would save money", HEAD, ROWS)


def test_a_table_without_rows_is_a_page_too() -> None:
    assert "<td" not in table_page("prod", HEAD, [])
