"""Fetched prices put into the catalogue's tables; rows that a fetch does not cover stay as they are."""

from catalogue.index import family
from catalogue.refresh.changes import TableChanges, compared
from catalogue.refresh.gcp_skus import covering
from catalogue.refresh.model import MACHINES, Fetched, Shape, Wanted
from catalogue.refresh.tables import Table, Tables

_SPOT = "(spot)"


class Merge:
    """Puts the regions of one provider into the tables, under one source."""

    def __init__(self, tables: Tables, provider: str, source: str, wanted: Wanted) -> None:
        """source: the id of the new row of sources.csv; its words without the date tell which rows came from this interface before."""
        self._tables = tables
        self._provider = provider
        self._source = source
        self._interface = source[: -len("2000-01-01")]
        self._wanted = wanted

    def region(self, fetched: Fetched) -> list[TableChanges]:
        """The changes that this region brings."""
        found = [self._services(service, fetched) for service in sorted(self._known_services(fetched))]
        if self._wanted.wants(MACHINES) and fetched.region in self._wanted.regions:
            found += [self._machines(fetched), self._commitments(fetched)]
        return [changes for changes in found if changes is not None]

    def _machines(self, fetched: Fetched) -> TableChanges:
        table = self._tables.table(f"prices/{self._provider}/{fetched.region}.csv")
        before = {name: dict(row) for (name,), row in table.rows.items() if self._covers(name) and name not in fetched.doubtful}
        for name in before.keys() - fetched.machines.keys():
            del table.rows[name,]
        for name, price in fetched.machines.items():
            prices = {"on_demand_usd_hour": price.on_demand, "spot_usd_hour": price.spot}
            table.put({"instance_type": name, **prices, "source": self._source})
            self._shape(name, fetched.shapes.get(name, Shape()))
        on_demand = compared(_column(before, "on_demand_usd_hour"), {name: price.on_demand for name, price in fetched.machines.items()})
        spot_before = {f"{name} {_SPOT}": usd for name, usd in _column(before, "spot_usd_hour").items()}
        spot_after = {f"{name} {_SPOT}": price.spot for name, price in fetched.machines.items()}
        changes = (*on_demand, *compared(spot_before, spot_after, volatile=True))
        known = sum(1 for usd in _column(before, "on_demand_usd_hour").values() if usd)
        return TableChanges(title=f"{fetched.region} machines", known=known, changes=changes)

    def _covers(self, name: str) -> bool:
        """AWS and Azure list every machine type of a region; Google Cloud's prices are sums, for the families that are known."""
        return self._provider != "gcp" or covering(name) is not None

    def _shape(self, name: str, shape: Shape) -> None:
        """A machine type that is not on record is added; its accelerator's name is that of its family's other sizes."""
        table = self._tables.table(f"machines/{self._provider}.csv")
        if (name,) in table.rows:
            return
        relative = self._relative(table, name) if shape.accelerator_count else None
        table.put(
            {
                "instance_type": name,
                "vcpus": shape.vcpus,
                "memory_gib": shape.memory_gib,
                "accelerator": relative["accelerator"] if relative else "",
                "accelerator_count": shape.accelerator_count,
                "accelerator_memory_gib": relative["accelerator_memory_gib"] if relative else "",
                "source": self._source,
            }
        )

    def _relative(self, table: Table, name: str) -> dict[str, str] | None:
        kin = family(self._provider, name)
        rows = (row for (other,), row in table.rows.items() if family(self._provider, other) == kin)
        return next((row for row in rows if row["accelerator"]), None)

    def _known_services(self, fetched: Fetched) -> set[str]:
        folder = self._tables.data / "services" / self._provider
        on_record = {file.stem for file in folder.glob("*.csv") if self._wanted.wants(file.stem)}
        return on_record | {service for service, _ in fetched.services}

    def _services(self, service: str, fetched: Fetched) -> TableChanges | None:
        table = self._tables.table(f"services/{self._provider}/{service}.csv")
        new = {sku: price for (of, sku), price in fetched.services.items() if of == service}
        here = {sku: row for (sku, region), row in table.rows.items() if region == fetched.region}
        # A row from elsewhere that the interface's table does not name is not covered, so its silence means nothing.
        before = {sku: row for sku, row in here.items() if sku in new or row["source"].startswith(self._interface)}
        if not before and not new:
            return None
        both = sorted(before.keys() & new.keys())
        units = [f"{sku} unit {before[sku]['unit']} → {new[sku].unit}" for sku in both if before[sku]["unit"] != new[sku].unit]
        for sku in before.keys() - new.keys():
            del table.rows[sku, fetched.region]
        for sku, price in new.items():
            table.put({"sku": sku, "region": fetched.region, "unit": price.unit, "price_usd": price.usd, "source": self._source})
        changes = compared(_column(before, "price_usd"), {sku: price.usd for sku, price in new.items()})
        return TableChanges(title=f"{fetched.region} {service}", known=len(before), changes=tuple(changes), other=tuple(units))

    def _commitments(self, fetched: Fetched) -> TableChanges | None:
        before: dict[str, str] = {}
        after: dict[str, str] = {}
        for plan in sorted({term.plan for term in fetched.commitments}):
            table = self._tables.table(f"commitments/{self._provider}/{plan}.csv")
            terms = {term: value for term, value in fetched.commitments.items() if term.plan == plan}
            kinds = {(term.payment, term.kind) for term in terms}
            for key, row in list(table.rows.items()):
                same = row["region"] == fetched.region and (row["payment"], row["kind"]) in kinds
                if same and self._covers(row["applies_to"]) and row["applies_to"] not in fetched.doubtful:
                    before[_term_name(row["applies_to"], row["term_years"])] = row["value"]
                    del table.rows[key]
            for term, value in terms.items():
                after[_term_name(term.instance_type, str(term.years))] = value
                what = {"applies_to": term.instance_type, "region": fetched.region, "term_years": str(term.years)}
                table.put(what | {"payment": term.payment, "kind": term.kind, "value": value, "source": self._source})
        if not before and not after:
            return None
        return TableChanges(title=f"{fetched.region} commitments", known=len(before), changes=tuple(compared(before, after)))


def _term_name(instance_type: str, years: str) -> str:
    return f"{instance_type} ({years} years)"


def _column(rows: dict[str, dict[str, str]], column: str) -> dict[str, str]:
    return {name: row[column] for name, row in rows.items()}
