using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Curriculum.Work;
using Orchestrations.Workflows;

namespace Orchestrations.Storage;

/// <summary>Copies what a run goes on from into that run, so that it refers to nothing of the run it came from, which may be purged.</summary>
public sealed partial class RunCopy(JsonBlobs blobs)
{
    private const string ValidationItem = "/validate/item.json";
    private const string ValidationResult = "/validate/result.json";

    private static readonly string[] Kinds = ["checkpoints", "validations", "iterations", "profiles", "usage", "ends", "points"];

    /// <summary>The base and the frozen problems that training and validation draw from.</summary>
    public async Task CommonAsync(string from, string to, CancellationToken cancellationToken)
    {
        foreach (var below in (string[])["base/", "pools/training", "pools/validation"])
            await BlobsAsync(StorageNames.RunsContainer, from, to, below, _ => true, cancellationToken);
    }

    /// <summary>What an arm did under a seed up to the point where it goes on.</summary>
    public async Task ArmAsync(string from, string to, ArmResume resume, CancellationToken cancellationToken)
    {
        var arm = FormattableString.Invariant($"{resume.Arm}/{resume.Seed}/");
        foreach (var kind in Kinds)
            await BlobsAsync(StorageNames.RunsContainer, from, to, $"{kind}/{arm}", rest => IsWanted(kind, rest, resume), cancellationToken);
        // What a checkpoint reached is read again where its stage's successor begins. A validation that failed, or was canceled, is done again.
        var failed = await FailedAsync($"{from}/{arm}", cancellationToken);
        await BlobsAsync(
            StorageNames.WorkContainer, from, to, arm,
            rest => rest.EndsWith(ValidationItem, StringComparison.Ordinal) || (rest.EndsWith(ValidationResult, StringComparison.Ordinal) && !failed.Contains($"{from}/{arm}{rest}")),
            cancellationToken);
    }

    private async Task<IReadOnlySet<string>> FailedAsync(string prefix, CancellationToken cancellationToken)
    {
        var failed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in (await blobs.ListAsync(StorageNames.WorkContainer, prefix, cancellationToken)).Where(name => name.EndsWith(ValidationResult, StringComparison.Ordinal)))
        {
            if ((await blobs.ReadAsync(StorageNames.WorkContainer, name, CurriculumJson.Default.WorkResult, cancellationToken)).Failure is not null)
                failed.Add(name);
        }

        return failed;
    }

    /// <summary>Whether a blob lies before the point where the arm goes on; <paramref name="rest"/> is its name below kind, arm and seed.</summary>
    internal static bool IsWanted(string kind, string rest, ArmResume resume)
    {
        if (rest.Contains("/batch-", StringComparison.Ordinal) || Place().Match(rest) is not { Success: true } match)
            return false;
        int Number(int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        var (stage, attempt) = (Number(1), Number(2));
        if (resume.EndOf(stage, attempt) is not null)
            return true;
        if (resume.StartOf(stage, attempt) is not { } point || !match.Groups[3].Success)
            return false;
        return kind switch
        {
            "iterations" => Number(3) < point.Iteration,
            "profiles" => Number(3) <= (point.Profile?.Ordinal ?? -1),
            _ => Number(3) <= point.Updates,
        };
    }

    private async Task BlobsAsync(
        string container, string from, string to, string below, Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        var names = (await blobs.ListAsync(container, $"{from}/{below}", cancellationToken)).Where(name => isWanted(name[(from.Length + 1 + below.Length)..]));
        // Manifests last: a state without one does not exist.
        foreach (var name in names.OrderBy(IsManifest).ThenBy(name => name, StringComparer.Ordinal))
        {
            var (source, target) = (blobs.Blob(container, name), blobs.Blob(container, $"{to}/{name[(from.Length + 1)..]}"));
            if (IsManifest(name) || !name.EndsWith(".json", StringComparison.Ordinal) || below == "base/")
            {
                var copy = await target.StartCopyFromUriAsync(source.Uri, cancellationToken: cancellationToken);
                await copy.WaitForCompletionAsync(cancellationToken);
                continue;
            }

            // Names of blobs and items begin with the run's.
            var text = (await source.DownloadContentAsync(cancellationToken)).Value.Content.ToString()
                .Replace($"\"{from}/", $"\"{to}/", StringComparison.Ordinal)
                .Replace($"\"run\":\"{from}\"", $"\"run\":\"{to}\"", StringComparison.Ordinal);
            await blobs.WriteAsync(container, target.Name, Encoding.UTF8.GetBytes(text), "application/json", cancellationToken);
        }
    }

    private static bool IsManifest(string name) => name.EndsWith("/manifest.json", StringComparison.Ordinal);

    [GeneratedRegex(@"^(\d+)[-/](\d+)(?:[-/](?:records/)?(\d+))?", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
