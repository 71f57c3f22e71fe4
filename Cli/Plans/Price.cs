using System.Text.Json;
using Cli.Terminal;
using Curriculum.Costs;
using Curriculum.Plans;
using Curriculum.Texts;

namespace Cli.Plans;

/// <summary>What a plan is priced by: a rate table and one of its machines.</summary>
internal sealed record Price
{
    /// <summary>The machine that a host of this checkout is told to price by.</summary>
    public static string LocalMachine => Environment.GetEnvironmentVariable("Costs__Machine") is { Length: > 0 } named ? named : "cpu";

    private readonly RateTable _rates;
    private readonly string _machine;

    /// <param name="path">A table of one's own; null for the shipped one.</param>
    /// <param name="machine">A machine of the table.</param>
    /// <exception cref="CommandException">The file cannot be read, or has no such machine.</exception>
    public Price(string? path, string machine)
    {
        try
        {
            _rates = path is null ? RateTable.Shipped : RateTable.Read(File.ReadAllBytes(path));
        }
        catch (JsonException fault)
        {
            throw CommandException.Refused($"Expected a rate table in {path}: {JsonFault.Words(fault)}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Refused($"Expected a rate table in {path}; it cannot be read: {fault.Message}");
        }

        _machine = machine;
        if (_rates.Machines.All(each => each.Name != machine))
            throw CommandException.Refused($"Expected a machine of the rate table, one of {string.Join(", ", _rates.Machines.Select(each => each.Name))}; found '{machine}'.");
    }

    /// <summary>The price for a policy of the size of the model in a folder, or of the size that the machine was measured with.</summary>
    public PlanPrice Of(RunPlan plan, string? modelFolder) => PlanPricing.Of(plan, _rates, _machine, Parameters(modelFolder));

    private static long? Parameters(string? modelFolder)
    {
        if (modelFolder is null || !File.Exists(Path.Combine(modelFolder, "model.safetensors")))
            return null;
        using var weights = File.OpenRead(Path.Combine(modelFolder, "model.safetensors"));
        return SafetensorsSize.ParametersAsync(weights, CancellationToken.None).GetAwaiter().GetResult();
    }
}
