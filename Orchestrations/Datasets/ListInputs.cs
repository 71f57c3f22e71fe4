using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Datasets;

/// <summary><c>GET /api/datasets</c> and <c>/api/models</c>: what plans can name.</summary>
public sealed class ListInputs(DataStorage storage)
{
    [Function("ListDatasets")]
    [Operation("The data sets that plans can name")]
    [Answers(200, typeof(StoredInputs), "By name.")]
    public Task<IActionResult> Datasets(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "datasets")] HttpRequest request, CancellationToken cancellationToken) =>
        ListAsync(StorageNames.DatasetsContainer, name => name, cancellationToken);

    [Function("ListModels")]
    [Operation("The models that plans can name as their base")]
    [Answers(200, typeof(StoredInputs), "By the name of their folder.")]
    public Task<IActionResult> Models(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models")] HttpRequest request, CancellationToken cancellationToken) =>
        ListAsync(StorageNames.ModelsContainer, name => name.Split('/')[0], cancellationToken);

    private async Task<IActionResult> ListAsync(string container, Func<string, string> nameOf, CancellationToken cancellationToken)
    {
        await storage.EnsureAsync(cancellationToken);
        var found = new SortedDictionary<string, StoredInput>(StringComparer.Ordinal);
        await foreach (var blob in storage.Blobs.GetBlobContainerClient(container).GetBlobsAsync(cancellationToken: cancellationToken))
        {
            var (name, bytes, written) = (nameOf(blob.Name), blob.Properties.ContentLength ?? 0, blob.Properties.LastModified ?? DateTimeOffset.UnixEpoch);
            found[name] = found.TryGetValue(name, out var input)
                ? new(name, input.Files + 1, input.Bytes + bytes, written > input.WrittenAt ? written : input.WrittenAt)
                : new(name, 1, bytes, written);
        }

        return new JsonReply<StoredInputs>(200, new([.. found.Values]), DatasetsJson.Default.StoredInputs);
    }
}

/// <summary>Data sets or models, by name.</summary>
public sealed record StoredInputs(IReadOnlyList<StoredInput> Inputs);

/// <summary>A data set, or a model's folder.</summary>
/// <param name="WrittenAt">When the newest of its files was written.</param>
public sealed record StoredInput(string Name, int Files, long Bytes, DateTimeOffset WrittenAt);
