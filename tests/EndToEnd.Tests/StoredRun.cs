using System.Text;
using Azure.Storage.Blobs;
using Curriculum.Work;
using Testing;

namespace EndToEnd.Tests;

/// <summary>What a run has stored.</summary>
internal static class StoredRun
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<string> VerdictAsync(LocalSystem stack, string run) => stack.Client.GetStringAsync($"api/runs/{run}/verdict", Token);

    public static async Task<IReadOnlyList<string>> NamesAsync(LocalSystem stack, string container, string prefix)
    {
        var names = new List<string>();
        await foreach (var blob in new BlobContainerClient(stack.Azurite.ConnectionString, container).GetBlobsAsync(new() { Prefix = prefix }, Token))
            names.Add(blob.Name);
        return names;
    }

    /// <summary>The manifest of every checkpoint, which names its parts by hash.</summary>
    public static async Task<string> CheckpointsAsync(LocalSystem stack, string run)
    {
        var container = new BlobContainerClient(stack.Azurite.ConnectionString, "runs");
        var manifests = new StringBuilder();
        foreach (var name in (await NamesAsync(stack, "runs", $"{run}/checkpoints/")).Where(StorageNames.IsStateBlob))
        {
            var content = (await container.GetBlobClient(name).DownloadContentAsync(Token)).Value.Content.ToMemory();
            manifests.Append(name.AsSpan(run.Length)).Append(' ').Append(Encoding.UTF8.GetString(StateBlob.Split(content).Manifest.Span)).Append('\n');
        }

        Assert.True(manifests.Length > 0, "Expected checkpoints, found none.");
        return manifests.ToString();
    }
}
