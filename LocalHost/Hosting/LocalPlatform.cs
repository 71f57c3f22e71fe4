using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using OperatingSystem = Microsoft.Azure.WebJobs.Extensions.DurableTask.OperatingSystem;

namespace LocalHost.Hosting;

/// <summary>No cloud plan: on Linux in one, the extension would write its events to the console as lines for the platform.</summary>
#pragma warning disable CS0612 // Obsolete, and what the extension asks for.
internal sealed class LocalPlatform : IPlatformInformation
#pragma warning restore CS0612
{
    public bool IsInConsumptionPlan() => false;

    public OperatingSystem GetOperatingSystem() => OperatingSystem.Windows;

    public WorkerRuntimeType GetWorkerRuntimeType() => WorkerRuntimeType.DotNetIsolated;

    public string GetLinuxTenant() => "";

    public string GetLinuxStampName() => "";

    public string GetContainerName() => "";

    public bool UsesExternalPowerShellSDK() => false;

    public bool IsManagedAppEnvironment() => false;
}
