using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>Where the audit's results are.</summary>
internal sealed record AuditedBase(IReadOnlyList<BenchmarkItems> Audits, ProbeItems? Probe = null)
{
    public static string Blob(RunId run) => $"{run}/measures/{WorkScope.Audit}.json";
}
