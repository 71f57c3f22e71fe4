using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Curriculum.Problems.Datasets;
using Curriculum.Submission;
using Curriculum.Texts;
using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Datasets;

/// <summary><c>POST /api/datasets</c>: fetches a data set from an allowed host; it is stored whole, or not at all.</summary>
public sealed partial class ImportDataset(DataStorage storage, JsonBlobs blobs, ImportClient client)
{
    private const int MaxRequestBytes = 16 * 1024;

    [Function(nameof(ImportDataset))]
    [Operation("Fetch a data set from an allowed host, try every line as a run would, and store it whole")]
    [Takes(typeof(ImportRequest))]
    [Answers(200, typeof(ImportedDataset), "The same data set was there.")]
    [Answers(201, typeof(ImportedDataset), "It is stored.")]
    [Refuses(400, ProblemCode.InvalidDocument)]
    [Refuses(409, ProblemCode.NameIsTaken)]
    [Refuses(413, ProblemCode.TooLarge)]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "datasets")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (await BoundedBody.ReadAsync(request, MaxRequestBytes, cancellationToken) is not { } body)
            return Refusal.TooLarge("request", MaxRequestBytes);
        var (wanted, violations) = Read(body);
        if (wanted is null)
            return Refusal.Of(violations, "import");

        // Outside storage until all of it is there and is what it should be.
        var path = Path.GetTempFileName();
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Access = FileAccess.ReadWrite,
            Mode = FileMode.Truncate,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        if (await client.FetchAsync(new(wanted.Url), file, cancellationToken) is { } refusal)
            return Refusal.Of([new("/url", refusal)], "import");
        file.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        if (wanted.Sha256 is { } expected && !hash.Equals(expected, StringComparison.OrdinalIgnoreCase))
            return Refusal.Of([new("/sha256", $"Expected {expected}; what is there has {hash}.")], "import");
        file.Position = 0;
        var findings = Check(file, wanted.Verifier is not null);
        if (Refusals([.. findings.All]) is { Count: > 0 } refusals)
            return Refusal.Of(refusals, "import");

        file.Position = 0;
        return await StoreAsync(new(wanted.Name, hash, file.Length, findings.Family, findings.Rows, findings.LeftOut), file, cancellationToken);
    }

    internal static (ImportRequest? Request, IReadOnlyList<PlanViolation> Violations) Read(ReadOnlySpan<byte> body)
    {
        if (Utf8Text.Fault(body) is { } fault)
            return (null, [new("", fault)]);
        ImportRequest? request;
        try
        {
            request = JsonSerializer.Deserialize(Utf8Text.Content(body), DatasetsJson.Default.ImportRequest);
        }
        catch (JsonException malformed)
        {
            return (null, [new("", $"Expected an object with name, url and, if you like, sha256: {JsonFault.Words(malformed)}")]);
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
        if (request.Verifier is { } verifier && !VerifierPattern().IsMatch(verifier))
            violations.Add(new("/verifier", "Expected the name of a verifier as plans name it: lower-case letters, digits and hyphens, a letter or digit first, at most 40."));
        return (violations.Count == 0 ? request : null, violations);
    }

    /// <summary>What a run would find, the encoding included.</summary>
    internal static DatasetFindings Check(Stream file, bool ownVerifier)
    {
        try
        {
            return DatasetCheck.Of(Utf8Lines.Read(file), ownVerifier);
        }
        catch (InvalidDataException fault)
        {
            return new("", 0, 0, [new(0, fault.Message)], []);
        }
    }

    private static IReadOnlyList<PlanViolation> Refusals(IReadOnlyList<DatasetFault> faults) =>
    [
        .. faults.Take(PlanReader.MaxViolations).Select(fault => new PlanViolation("/url", fault.Line > 0 ? $"Line {fault.Line}: {fault.Message}" : fault.Message)),
        .. faults.Count > PlanReader.MaxViolations ? (PlanViolation[])[new("/url", $"And {faults.Count - PlanReader.MaxViolations} more; the command data check lists all.")] : [],
    ];

    private async Task<IActionResult> StoreAsync(ImportedDataset imported, FileStream file, CancellationToken cancellationToken)
    {
        var (name, hash) = (imported.Name, imported.Sha256);
        await storage.EnsureAsync(cancellationToken);
        if (await blobs.TryCreateAsync(StorageNames.DatasetsContainer, name, file, new Dictionary<string, string> { ["sha256"] = hash }, cancellationToken))
            return new JsonReply<ImportedDataset>(201, imported, DatasetsJson.Default.ImportedDataset);
        await using var stored = await blobs.OpenAsync(StorageNames.DatasetsContainer, name, cancellationToken);
        return stored is not null && Convert.ToHexStringLower(await SHA256.HashDataAsync(stored, cancellationToken)) == hash
            ? new JsonReply<ImportedDataset>(200, imported, DatasetsJson.Default.ImportedDataset)
            : Refusal.Of(409, ProblemCode.NameIsTaken, "The name is taken.", $"There is another data set {name}: plans may rest on it. Choose another name.");
    }

    [GeneratedRegex(@"^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex VerifierPattern();
}

/// <summary>What is asked for.</summary>
/// <param name="Name">The blob's name in <c>datasets</c>, by which plans name the set.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Sha256">What it must have; not checked where it is left out.</param>
/// <param name="Verifier">The operator's verifier that plans will name for it; without one every answer is tried with the math verifier.</param>
public sealed record ImportRequest(string Name, string Url, string? Sha256 = null, string? Verifier = null);

/// <summary>What was stored.</summary>
/// <param name="Name">Of the blob.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Family">The family that reads it: <c>dataset</c> or <c>gsm8k</c>.</param>
/// <param name="Lines">Those that are not blank.</param>
/// <param name="LeftOut">Those of GSM8K that a run passes over, since their solutions are unsound.</param>
public sealed record ImportedDataset(string Name, string Sha256, long Bytes, string Family, long Lines, long LeftOut);
