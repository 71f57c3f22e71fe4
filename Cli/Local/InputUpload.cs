using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Cli.Plans;
using Curriculum.Plans;
using Curriculum.Submission;
using Curriculum.Work;

namespace Cli.Local;

/// <summary>Brings to the storage what a plan names and has beside it.</summary>
internal static class InputUpload
{
    /// <summary>The shipped models, and the model and data sets of the plan's name that lie in the plan's own folder.</summary>
    public static async Task ForAsync(string connection, PlanFile file, RunPlan plan, Checkout checkout, CancellationToken cancellationToken)
    {
        await ModelsAsync(connection, checkout, cancellationToken);
        if (plan.Base.Model is { } model)
        {
            var models = Path.Combine(file.Folder, "models");
            await UploadAsync(connection, models, Files(Path.Combine(models, model)), StorageNames.ModelsContainer, cancellationToken);
        }

        var datasets = PlanPools.Sets(plan).Select(set => set.Dataset).OfType<string>().Distinct().Select(file.DatasetFile).OfType<string>();
        await UploadAsync(connection, file.Folder, datasets, StorageNames.DatasetsContainer, cancellationToken);
    }

    /// <summary>The shipped models.</summary>
    public static Task ModelsAsync(string connection, Checkout checkout, CancellationToken cancellationToken) =>
        UploadAsync(connection, checkout.Models, Files(checkout.Models), StorageNames.ModelsContainer, cancellationToken);

    // What the container lacks of the files, or holds with other content.
    private static async Task UploadAsync(string connection, string folder, IEnumerable<string> files, string target, CancellationToken cancellationToken)
    {
        var container = new BlobServiceClient(connection).GetBlobContainerClient(target);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        foreach (var file in files)
        {
            var blob = container.GetBlobClient(Path.GetRelativePath(folder, file).Replace('\\', '/'));
            // Not through memory: models may be larger.
            await using var content = File.OpenRead(file);
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
            if (await blob.ExistsAsync(cancellationToken)
                && (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.Metadata.TryGetValue("sha256", out var stored)
                && stored == hash)
            {
                continue;
            }

            content.Position = 0;
            var upload = new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["sha256"] = hash } };
            await blob.UploadAsync(content, upload, cancellationToken);
        }
    }

    private static IEnumerable<string> Files(string at) => Directory.Exists(at) ? Directory.EnumerateFiles(at, "*", SearchOption.AllDirectories) : [];
}
