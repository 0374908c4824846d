"""Pay as you go against a promise: what each machine type would cost with one- and three-year commitments and as spot."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from catalogue.catalogue import Catalogue
from catalogue.model import Commitment, Machine, Offer, Price, Source
from costs.capacity import usual_spot
from costs.model import Line, MachineUse
from costs.money import HOURS_PER_MONTH, ZERO, Band

SPOT = "spot"


@dataclass(frozen=True, kw_only=True)
class CommitmentOption:
    """One way to pay for one machine type of a program.

    urn: the first resource that uses it. committed_usd_hour is paid for every hour of the term, used or not; break_even: the share of
    the hours (0–1) above which that is cheaper than on demand. base_machines: how many run at all times at least, the most that should
    be committed to; utilisation: of machines committed to for the expected load. saving: USD a month on the base. warning: where a
    commitment would be more than the load. Spot stands beside them (plan `spot`, no term): its price is the expected one.
    """

    urn: str
    provider: str
    machine: str
    region: str
    plan: str
    term_years: int
    payment: str
    on_demand_usd_hour: Decimal
    committed_usd_hour: Decimal
    break_even: Decimal
    base_machines: Decimal
    expected_machines: Decimal
    utilisation: Decimal
    saving: Decimal
    warning: str
    source: Source

    @property
    def words(self) -> str:
        """The plan with its term and payment: `reserved-standard, 1 year, no-upfront`, or `spot`."""
        years = f"{self.term_years} year{'' if self.term_years == 1 else 's'}" if self.term_years else ""
        return ", ".join(each for each in (self.plan, years, self.payment) if each)


@dataclass(frozen=True)
class _Pool:
    """All machines of one type in one region: commitments are pooled over them."""

    urn: str
    offer: Offer
    running: Band


def commitment_options(lines: Iterable[Line], catalogue: Catalogue) -> list[CommitmentOption]:
    """Every option with a price on record for the machines of these lines, by machine, cheapest first. Spot machines are not pooled."""
    options = [option for pool in _pools(lines) for option in _options(pool, catalogue)]
    return sorted(options, key=lambda option: (option.provider, option.region, option.machine, option.committed_usd_hour, option.plan))


def unpriced_commitments(lines: Iterable[Line], catalogue: Catalogue) -> list[str]:
    """One line for each machine type that has no committed price on record, with the headline ceiling where there is one."""
    silent = [pool for pool in _pools(lines) if not any(option.term_years for option in _options(pool, catalogue))]
    return [_headline(pool.offer, catalogue) for pool in silent]


def _pools(lines: Iterable[Line]) -> list[_Pool]:
    pools: dict[tuple[str, str, str], _Pool] = {}
    for line in lines:
        use = line.machine
        if use is None or use.spot or use.offer.on_demand is None:
            continue
        key = (use.offer.machine.provider, use.offer.region, use.offer.machine.instance_type)
        before = pools.get(key, _Pool(line.urn, use.offer, ZERO))
        pools[key] = _Pool(before.urn, use.offer, before.running + _always(use))
    return list(pools.values())


def _always(use: MachineUse) -> Band:
    """Machines on average over the month: one that runs half the hours is half a machine, and not one that always runs."""
    whole = use.hours.low >= HOURS_PER_MONTH
    return Band(use.count.low if whole else Decimal(0), *(level for level in _mean(use)))


def _mean(use: MachineUse) -> tuple[Decimal, Decimal]:
    return use.count.expected * use.hours.expected / HOURS_PER_MONTH, use.count.high * use.hours.high / HOURS_PER_MONTH


def _options(pool: _Pool, catalogue: Catalogue) -> list[CommitmentOption]:
    machine = pool.offer.machine
    known = catalogue.commitments(machine.provider, machine.instance_type, pool.offer.region)
    if not any(each.term_years for each in known):
        known = catalogue.commitments(machine.provider, f"{machine.family} family", pool.offer.region)
    found = [(each, _hourly(each, pool.offer)) for each in known if each.term_years]
    committed = [_option(pool, each, hourly) for each, hourly in found if hourly is not None]
    spot = usual_spot(catalogue, pool.offer)
    # Where no spot price is on record the band ends at on demand: that is no option to compare with.
    return [*committed, _spot_option(pool, spot)] if spot and spot.usd < spot.high else committed


def _hourly(commitment: Commitment, offer: Offer) -> Decimal | None:
    if commitment.kind == "price_usd_hour":
        return commitment.value
    if commitment.kind == "price_usd_month":
        return commitment.value / HOURS_PER_MONTH
    # A headline ceiling ("up to 72 %") is no price: nobody's machine gets it for certain.
    return offer.on_demand.usd * (1 - commitment.value) if commitment.kind == "discount" and offer.on_demand else None


def _option(pool: _Pool, commitment: Commitment, hourly: Decimal) -> CommitmentOption:
    on_demand = pool.offer.on_demand.usd if pool.offer.on_demand else Decimal(0)
    base = pool.running.low.to_integral_value(ROUND_FLOOR)
    committed = max(pool.running.expected.to_integral_value("ROUND_CEILING"), Decimal(1))
    break_even = hourly / on_demand
    utilisation = pool.running.expected / committed
    return CommitmentOption(
        urn=pool.urn,
        provider=commitment.provider,
        machine=pool.offer.machine.instance_type,
        region=pool.offer.region,
        plan=commitment.plan,
        term_years=commitment.term_years,
        payment=commitment.payment,
        on_demand_usd_hour=on_demand,
        committed_usd_hour=hourly,
        break_even=break_even,
        base_machines=base,
        expected_machines=pool.running.expected,
        utilisation=utilisation,
        saving=base * HOURS_PER_MONTH * (on_demand - hourly),
        warning=_warning(base, committed, utilisation, break_even),
        source=commitment.source,
    )


def _spot_option(pool: _Pool, spot: Price) -> CommitmentOption:
    """Spot binds nobody: it pays from the first hour, and every machine may be taken away."""
    return CommitmentOption(
        urn=pool.urn,
        provider=pool.offer.machine.provider,
        machine=pool.offer.machine.instance_type,
        region=pool.offer.region,
        plan=SPOT,
        term_years=0,
        payment="",
        on_demand_usd_hour=spot.high,
        committed_usd_hour=spot.usd,
        break_even=Decimal(0),
        base_machines=Decimal(0),
        expected_machines=pool.running.expected,
        utilisation=Decimal(1),
        saving=pool.running.expected * HOURS_PER_MONTH * (spot.high - spot.usd),
        warning=f"may be taken away at any time; {spot.note}",
        source=spot.source,
    )


def _warning(base: Decimal, committed: Decimal, utilisation: Decimal, break_even: Decimal) -> str:
    if break_even >= 1:
        return "dearer than on demand"
    if utilisation < break_even:
        return f"over-commitment: {committed} would be used {utilisation:.0%} of the time, and pay from {break_even:.0%} on"
    if base < committed:
        return f"commit to {base} at most: only so many always run"
    return ""


def _headline(offer: Offer, catalogue: Catalogue) -> str:
    provider, name = offer.machine.provider, offer.machine.instance_type
    ceilings = [each for each in catalogue.plans(provider, _covering(offer.machine)) if each.kind.startswith("discount")]
    if not ceilings:
        return f"{name} in {offer.region}: no committed price is on record"
    most = max(ceilings, key=lambda each: each.value)
    return f"{name} in {offer.region}: no committed price is on record; {provider} promises up to {most.value:.0%} ({most.plan})"


def _covering(machine: Machine) -> str:
    """The plan whose headline covers such a machine; empty where none does.

    Source: Google Cloud, "Compute flexible committed use discounts": accelerators are not covered. AWS, "SageMaker AI savings plans".
    """
    if machine.provider == "aws":
        return "sagemaker-savings-plan" if machine.instance_type.startswith("ml.") else "ec2-instance-savings-plan"
    if machine.provider == "gcp":
        return "" if machine.accelerator or machine.instance_type.startswith("tpu-") else "compute-flexible-cud"
    return "reservation"
