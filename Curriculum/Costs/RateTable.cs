using System.Text.Json;
using System.Text.Json.Serialization;
using Curriculum.Texts;

namespace Curriculum.Costs;

/// <summary>Prices, and the speed of each kind of machine: data, to be replaced by your own.</summary>
public sealed record RateTable
{
    public required string Currency { get; init; }

    /// <summary>When the prices were noted.</summary>
    public required string AsOf { get; init; }

    /// <summary>Where they come from and what they leave out.</summary>
    public required string Basis { get; init; }

    public required IReadOnlyList<MachineRate> Machines { get; init; }

    public required double SchedulerPerMillionActions { get; init; }

    public required double AppPerMillionExecutions { get; init; }

    public required double AppPerGibibyteSecond { get; init; }

    public required double StoragePerGibibyteMonth { get; init; }

    public required double StoragePerTenThousandWrites { get; init; }

    public required double StoragePerTenThousandReads { get; init; }

    /// <summary>The table that is shipped, <c>Curriculum/Costs/rates.json</c>.</summary>
    public static RateTable Shipped { get; } = ReadShipped();

    /// <summary>Reads a table; unknown keys are refused.</summary>
    /// <exception cref="JsonException">It is not a table, or a rate is negative.</exception>
    public static RateTable Read(ReadOnlySpan<byte> utf8)
    {
        if (Utf8Text.Fault(utf8) is { } fault)
            throw new JsonException(fault);
        var table = JsonSerializer.Deserialize(Utf8Text.Content(utf8), CostJson.Default.RateTable) ?? throw new JsonException("Expected a rate table, found null.");
        double?[] rates =
        [
            table.SchedulerPerMillionActions, table.AppPerMillionExecutions, table.AppPerGibibyteSecond, table.StoragePerGibibyteMonth,
            table.StoragePerTenThousandWrites, table.StoragePerTenThousandReads, .. table.Machines.Select(machine => machine.PerSecond),
            .. table.Machines.SelectMany(machine => (double?[])[machine.StartSeconds, machine.IdleSeconds]),
        ];
        if (rates.Any(rate => rate < 0))
            throw new JsonException("Expected rates of at least 0, found a negative one.");
        return table.Machines.FirstOrDefault(machine => machine.Speed is { ForwardTokensPerSecond: <= 0 } or { TrainedTokensPerSecond: <= 0 } or { Parameters: <= 0 }) is { } wrong
            ? throw new JsonException($"Expected speeds and parameters above 0 for the machine '{wrong.Name}'.")
            : table;
    }

    private static RateTable ReadShipped()
    {
        using var stream = typeof(RateTable).Assembly.GetManifestResourceStream("rates.json")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Read(bytes.ToArray());
    }
}

/// <summary>A kind of worker.</summary>
public sealed record MachineRate
{
    public required string Name { get; init; }

    public required string What { get; init; }

    /// <summary>Price of a second; null where none was noted.</summary>
    public required double? PerSecond { get; init; }

    /// <summary>From the start of an execution to its first item.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>From an execution's last item to its end.</summary>
    public required double IdleSeconds { get; init; }

    /// <summary>Null where nothing was measured.</summary>
    public required MeasuredSpeed? Speed { get; init; }
}

/// <summary>How fast a worker was, on what, and the command that said so.</summary>
public sealed record MeasuredSpeed
{
    /// <summary>Of the policy that was measured; another's speed is taken to be inversely proportional.</summary>
    public required long Parameters { get; init; }

    /// <summary>Tokens generated, prompts included, for each second of a worker.</summary>
    public required double ForwardTokensPerSecond { get; init; }

    /// <summary>Tokens trained on, once, for each second of a worker.</summary>
    public required double TrainedTokensPerSecond { get; init; }

    public required string Device { get; init; }

    public required string Command { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(RateTable))]
internal sealed partial class CostJson : JsonSerializerContext;
