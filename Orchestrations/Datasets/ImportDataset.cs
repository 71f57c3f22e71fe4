using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Curriculum.Plans;
using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Runs;
using Orchestrations.Storage;

namespace Orchestrations.Datasets;

/// <summary><c>POST /api/datasets</c>: fetches a data set from an allowed host; it is stored whole, or not at all.</summary>
public sealed partial class ImportDataset(DataStorage storage, JsonBlobs blobs, ImportClient client)
{
    private const int MaxRequestBytes = 16 * 1024;

    [Function(nameof(ImportDataset))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "datasets")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (await BoundedBody.ReadAsync(request, MaxRequestBytes, cancellationToken) is not { } body)
            return ProblemDetail.Of(413, "The request is too large.", $"Expected at most {MaxRequestBytes} bytes.");
        var (wanted, violations) = Read(body);
        if (wanted is null)
            return ProblemDetail.Refused(violations, "import");

        // Outside storage until all of it is there and is what it should be.
        var path = Path.GetTempFileName();
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Access = FileAccess.ReadWrite,
            Mode = FileMode.Truncate,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        if (await client.FetchAsync(new(wanted.Url), file, cancellationToken) is { } refusal)
            return ProblemDetail.Refused([new("/url", refusal)], "import");
        file.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        if (wanted.Sha256 is { } expected && !hash.Equals(expected, StringComparison.OrdinalIgnoreCase))
            return ProblemDetail.Refused([new("/sha256", $"Expected {expected}; what is there has {hash}.")], "import");
        file.Position = 0;
        var (lines, wrong) = await DatasetLines.CheckAsync(file, cancellationToken);
        if (wrong is not null)
            return ProblemDetail.Refused([new("/url", $"What is there is no data set, {wrong}")], "import");

        file.Position = 0;
        return await StoreAsync(wanted.Name, file, hash, lines, cancellationToken);
    }

    internal static (ImportRequest? Request, IReadOnlyList<PlanViolation> Violations) Read(ReadOnlySpan<byte> body)
    {
        ImportRequest? request;
        try
        {
            request = JsonSerializer.Deserialize(body, OrchestrationsJson.Default.ImportRequest);
        }
        catch (JsonException malformed)
        {
            return (null, [new("", $"Expected an object with name, url and, if you like, sha256: {malformed.Message}")]);
        }

        if (request is null)
            return (null, [new("", "Expected an object with name and url, found null.")]);
        var violations = new List<PlanViolation>();
        if (!NamePattern().IsMatch(request.Name))
            violations.Add(new("/name", "Expected a blob name of letters, digits, '-', '_' and '.', at most 100, beginning with a letter or digit and without two dots in a row."));
        if (!Uri.TryCreate(request.Url, UriKind.Absolute, out _))
            violations.Add(new("/url", "Expected an absolute https address."));
        if (request.Sha256 is { } hash && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit)))
            violations.Add(new("/sha256", "Expected 64 hexadecimal digits."));
        return (violations.Count == 0 ? request : null, violations);
    }

    private async Task<IActionResult> StoreAsync(string name, FileStream file, string hash, long lines, CancellationToken cancellationToken)
    {
        await storage.EnsureAsync(cancellationToken);
        var imported = new ImportedDataset(name, hash, file.Length, lines);
        if (await blobs.TryCreateAsync(StorageNames.DatasetsContainer, name, file, new Dictionary<string, string> { ["sha256"] = hash }, cancellationToken))
            return new JsonReply<ImportedDataset>(201, imported, OrchestrationsJson.Default.ImportedDataset);
        await using var stored = await blobs.OpenAsync(StorageNames.DatasetsContainer, name, cancellationToken);
        return stored is not null && Convert.ToHexStringLower(await SHA256.HashDataAsync(stored, cancellationToken)) == hash
            ? new JsonReply<ImportedDataset>(200, imported, OrchestrationsJson.Default.ImportedDataset)
            : ProblemDetail.Of(409, "The name is taken.", $"There is another data set {name}: plans may rest on it. Choose another name.");
    }

    [GeneratedRegex(@"^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}

/// <summary>What is asked for.</summary>
/// <param name="Name">The blob's name in <c>datasets</c>, by which plans name the set.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Sha256">What it must have; not checked where it is left out.</param>
public sealed record ImportRequest(string Name, string Url, string? Sha256 = null);

/// <summary>What was stored.</summary>
public sealed record ImportedDataset(string Name, string Sha256, long Bytes, long Lines);
