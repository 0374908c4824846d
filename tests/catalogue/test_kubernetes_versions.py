"""How long versions are supported, against the providers' calendars."""

from datetime import date

import pytest

from catalogue.kubernetes_versions import kubernetes_versions

PROVIDERS = ("aws", "azure", "gcp")


# Amazon EKS release calendar; GKE release schedule; Microsoft Learn, Supported Kubernetes versions in AKS (a month is its last day).
@pytest.mark.parametrize(
    ("provider", "version", "released", "standard", "extended"),
    [
        ("aws", "1.36", "2026-06-02", "2027-08-02", "2028-08-02"),
        ("aws", "1.34", "2025-10-02", "2026-12-02", "2027-12-02"),
        ("aws", "1.31", "2024-09-26", "2025-11-26", "2026-11-26"),
        ("gcp", "1.35", "2026-02-11", "2027-04-11", "2028-02-11"),
        ("azure", "1.35", "2026-03-31", "2027-03-31", "2028-03-31"),
        ("azure", "1.30", "2024-07-31", "2025-08-22", "2026-07-31"),
    ],
)
def test_a_version_is_supported_as_its_provider_says(provider, version, released, standard, extended):
    (found,) = (each for each in kubernetes_versions(provider) if each.version == version)
    assert (found.released, found.end_of_standard_support, found.end_of_extended_support) == (released, standard, extended)


@pytest.mark.parametrize(("provider", "newest"), [("aws", "1.36"), ("gcp", "1.35"), ("azure", "1.37")])
def test_the_newest_version_comes_first_and_none_is_left_out(provider, newest):
    minors = [int(each.version.removeprefix("1.")) for each in kubernetes_versions(provider)]
    assert minors == list(range(int(newest.removeprefix("1.")), 28, -1))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_standard_support_ends_after_the_release_and_extended_support_after_that(provider):
    for each in kubernetes_versions(provider):
        days = [
            date.fromisoformat(day) for day in (each.released, each.end_of_standard_support, each.end_of_extended_support or "9999-12-31")
        ]
        assert days == sorted(days), each
        assert 330 < (days[1] - days[0]).days < 450, each


# Amazon EKS User Guide: 14 months of standard support, 12 more of extended support.
def test_eks_supports_a_version_for_fourteen_months_and_twelve_more():
    for each in kubernetes_versions("aws"):
        released, standard, extended = each.released, each.end_of_standard_support, each.end_of_extended_support
        months = (int(standard[:4]) - int(released[:4])) * 12 + int(standard[5:7]) - int(released[5:7])
        assert (months, standard[8:]) == (14, released[8:]), each
        assert extended == f"{int(standard[:4]) + 1}{standard[4:]}"


def test_nobody_has_versions_of_an_unknown_provider():
    assert kubernetes_versions("nobody") == ()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_version_is_dated_and_sourced(provider):
    assert all(each.as_of and each.source and each.provider == provider for each in kubernetes_versions(provider))
