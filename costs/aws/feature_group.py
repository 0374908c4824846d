"""SageMaker's feature store: the online store by requests and storage; the offline store lies in a bucket."""

from costs.pricing import Pricer, Pricing, count


def feature_group(pricing: Pricing) -> None:
    """A feature group. Source: Amazon SageMaker pricing, "Feature Store"."""
    if pricing.flag("onlineStoreConfig.enableOnlineStore"):
        _online(pricing, "-in-memory" if pricing.text("onlineStoreConfig.storageType") == "InMemory" else "")
    if pricing.resource.get("offlineStoreConfig") is not None:
        pricing.note("offline store", "priced with its bucket", "the bucket's storedGib and writtenGibPerMonth have it")


def _online(pricing: Pricing, kind: str) -> None:
    if pricing.text("throughputConfig.throughputMode") == "Provisioned":
        for unit in ("Read", "Write"):
            driver = f"provisioned {unit.lower()} capacity"
            units = pricing.number(f"throughputConfig.provisioned{unit}CapacityUnits")
            if units is None:
                pricing.unpriced(driver, "its units are left out or known only after `up`")
                continue
            price = pricing.service("sagemaker", f"feature-store-provisioned-{unit.lower()}", driver)
            pricing.line(driver, price, count("units", units), pricing.hours())
    else:
        for request in ("read", "write"):
            driver = f"online {request}s"
            price = pricing.service("sagemaker", f"feature-store-{request}s{kind}", driver)
            if price:
                pricing.line(driver, price, pricing.usage_or("operationsPerMonth"), usage_based=True)
    price = pricing.service("sagemaker", f"feature-store-online-storage{kind}", "online storage")
    if price:
        pricing.line("online storage", price, pricing.usage_or("storedGib"), usage_based=True)


PRICERS: dict[str, Pricer] = {"aws:sagemaker/featureGroup:FeatureGroup": feature_group}
