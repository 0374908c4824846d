"""SageMaker for people: notebook instances, Studio's domains, spaces and apps, MLflow servers."""

from typing import Final

from costs.aws.ml_instance import ml_machines
from costs.pricing import Pricer, Pricing, count

_ONE: Final = count("instance", 1)
# What SageMaker takes where nothing is said. Source: Amazon SageMaker API, CreateNotebookInstance, CreateApp, CreateSpace.
_VOLUME_GB: Final = 5
_APP_TYPE: Final = "ml.t3.medium"


def notebook_instance(pricing: Pricing) -> None:
    """A notebook instance: it runs until somebody stops it; its volume stands all the month."""
    _until_stopped(pricing, "notebook")
    ml_machines(pricing, "notebook", pricing.resource.get("instanceType"), _ONE, pricing.hours())
    size = pricing.number("volumeSize", _VOLUME_GB)
    if size is None:
        pricing.unpriced("notebook volume", "volumeSize is known only after `up`")
    else:
        pricing.line("notebook volume", pricing.service("sagemaker", "notebook-storage", "notebook volume"), count("GB", size))


def app(pricing: Pricing) -> None:
    """An app of Studio, on the machine that it asks for; `system`, where Jupyter's server itself runs, is free of charge."""
    if pricing.text("resourceSpec.instanceType") == "system" or pricing.text("appType") == "JupyterServer":
        return
    told = pricing.resource.get("resourceSpec.instanceType")
    _until_stopped(pricing, "app")
    ml_machines(pricing, "app", _APP_TYPE if told is None else told, _ONE, pricing.hours())


def _until_stopped(pricing: Pricing, what: str) -> None:
    if pricing.usage("hoursPerMonth") is None:
        pricing.note(f"hours of the {what}", "730", "it runs until somebody stops it: give its hoursPerMonth")


def space(pricing: Pricing) -> None:
    """A space of Studio: its volume; the app in it is a resource of its own."""
    size = pricing.number("spaceSettings.spaceStorageSettings.ebsStorageSettings.ebsVolumeSizeInGb", _VOLUME_GB)
    if size is None:
        pricing.unpriced("space volume", "ebsVolumeSizeInGb is known only after `up`")
        return
    pricing.line("space volume", pricing.service("sagemaker", "studio-storage", "space volume"), count("GB", size))


def domain(pricing: Pricing) -> None:
    """A domain of Studio: the EFS file system of its users' homes. Source: Amazon SageMaker pricing, "Studio"."""
    driver = "users' homes (EFS)"
    pricing.line(driver, pricing.service("efs", "standard-storage", driver), pricing.usage_or("storedGib"), usage_based=True)


def mlflow(pricing: Pricing) -> None:
    """An MLflow tracking server: by its size and the hour, and what it stores."""
    size = pricing.text("trackingServerSize", "Small").lower()
    driver = f"MLflow server ({size})"
    pricing.line(driver, pricing.service("sagemaker", f"mlflow-server-{size}", driver), count("server", 1), pricing.hours())
    stored = pricing.service("sagemaker", "mlflow-storage", "MLflow storage")
    if stored:
        pricing.line("MLflow storage", stored, pricing.usage_or("storedGib"), usage_based=True)


PRICERS: dict[str, Pricer] = {
    "aws:sagemaker/notebookInstance:NotebookInstance": notebook_instance,
    "aws:sagemaker/app:App": app,
    "aws:sagemaker/space:Space": space,
    "aws:sagemaker/domain:Domain": domain,
    "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": mlflow,
}
FREE: set[str] = {
    "aws:sagemaker/appImageConfig:AppImageConfig",
    "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration",
    "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig",
    "aws:sagemaker/userProfile:UserProfile",
}
