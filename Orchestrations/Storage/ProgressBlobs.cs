using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>Where the progress of arms is stored, for the run's status: mutable blobs that nothing is decided by.</summary>
internal static class ProgressBlobs
{
    public static string Prefix(string run) => $"{run}/progress/";

    public static string Of(ArmKey arm) => $"{Prefix(arm.Run)}{arm.Path}.json";
}
