"""Keys and secrets."""

from decimal import Decimal

import pytest

from costs.resource import SECRET, UNKNOWN
from tests.costs.building import estimated, line, resource, told, usd
from tests.costs.gcp.listed import LIST, R

D = Decimal


def test_a_key_gets_a_version_more_at_each_rotation() -> None:
    it = resource("gcp:kms/cryptoKey:CryptoKey", properties={"location": R, "rotationPeriod": "7776000s"})
    found = estimated(LIST, it, usage=told(operationsPerMonth=1_000_000))
    # 90 days: 4 rotations in the first year, so 1 … 3 … 5 versions × 0.06
    assert usd(found, "key versions") == (D("0.0600"), D("0.1800"), D("0.3000"))
    assert usd(found, "key operations") == (D("3.0000"),) * 3  # 100 × 0.03
    once = resource("gcp:kms/cryptoKey:CryptoKey", properties={"location": R})
    assert usd(estimated(LIST, once), "key versions") == (D("0.0600"),) * 3


def test_an_hsm_key_costs_its_own_price() -> None:
    template = {"protectionLevel": "HSM", "algorithm": "RSA_SIGN_PSS_4096_SHA256"}
    it = resource("gcp:kms/cryptoKey:CryptoKey", properties={"location": R, "versionTemplate": template})
    assert usd(estimated(LIST, it), "key versions (HSM)") == (D("2.5000"),) * 3
    symmetric = resource("gcp:kms/cryptoKey:CryptoKey", properties={"location": R, "versionTemplate": {"protectionLevel": "HSM"}})
    assert any("hsm-symmetric-key-version" in each.reason for each in estimated(LIST, symmetric).unpriced)


@pytest.mark.parametrize("period", [UNKNOWN, "soon", "0s", "-5s"])
def test_a_rotation_that_cannot_be_read_is_an_assumption(period: object) -> None:
    it = resource("gcp:kms/cryptoKey:CryptoKey", properties={"location": R, "rotationPeriod": period})
    assert str(line(estimated(LIST, it), "key versions").confidence) == "low"


def test_a_secret_version_is_paid_in_each_of_its_places() -> None:
    replicas = {"userManaged": {"replicas": [{"location": "europe-west1"}, {"location": "europe-west4"}]}}
    secret = resource("gcp:secretmanager/secret:Secret", "s", {"replication": replicas, "rotation": {"rotationPeriod": "2628000s"}})
    version = resource("gcp:secretmanager/secretVersion:SecretVersion", "v", {"secretData": SECRET}, refers={"secret": secret.urn})
    found = estimated(LIST, secret, version, usage=told(operationsPerMonth=10_000))
    assert usd(found, "secret version") == (D("0.1200"),) * 3  # 2 places × 0.06
    assert usd(found, "secret accesses") == (D("0.0300"),) * 3
    assert usd(found, "rotation notices") == (D("0.0500"),) * 3  # once a month
