using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Has the base score the texts that every arm will score, its own samples among them.</summary>
public sealed class ScoreBase(ProbePlanner probes, WorkDispatch dispatch)
{
    [Function(nameof(ScoreBase))]
    public async Task<PlannedProbe> Run([ActivityTrigger] ScoreBaseInput input, CancellationToken cancellationToken)
    {
        var item = await probes.ScoresAsync(input.Audit.Run, AuditInput.Arm, 0, 0, input.Audit.Base, cancellationToken);
        return new(
            input.Probe with { Scores = item?.Id },
            await dispatch.SendAsync(item is null ? [] : [item], input.Instance, cancellationToken));
    }
}

/// <summary>Input of <see cref="ScoreBase"/>.</summary>
public sealed record ScoreBaseInput(AuditInput Audit, ProbeItems Probe, string Instance);

/// <summary>Probes that were sent.</summary>
public sealed record PlannedProbe(ProbeItems Items, IReadOnlyList<string> Waiting);
