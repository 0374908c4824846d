"""Azure Files shares."""

from costs.pricing import Pricer, Pricing, count


def _share(pricing: Pricing) -> None:
    """A file share: premium by what it provisions, else by what is stored. Source: Azure Files pricing."""
    account = pricing.program.referred(pricing.resource, "accountName", "azure-native:storage:StorageAccount")
    sku = str(account.get("sku.name") if account else "").lower()
    if "_" not in sku:
        pricing.unpriced("file share", "the account's sku is not known")
        return
    redundancy = sku.partition("_")[2]
    if sku.startswith("premium"):
        quota = pricing.number("shareQuota", 100)
        price = pricing.service("files", f"premium-{redundancy}-provisioned", "provisioned file share")
        if quota is None:
            pricing.unpriced("provisioned file share", "shareQuota is known only after `up`")
        elif price:
            pricing.line("provisioned file share", price, count("GiB provisioned", quota))
        return
    tier = pricing.text("accessTier", "TransactionOptimized").lower()
    name = f"file-{tier}-{redundancy}"
    stored = pricing.usage_or("storedGib")
    pricing.line("file share", pricing.service("files", f"{name}-data-at-rest", "file share"), stored, usage_based=True)
    pricing.unpriced("file operations", "nobody says how many operations there are on the share")


PRICERS: dict[str, Pricer] = {"azure-native:storage:FileShare": _share}
FREE: set[str] = set()
