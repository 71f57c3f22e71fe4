using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.AspNetCore.Http;

namespace LocalHost.Http;

/// <summary>The keys that requests show: made on first start, then kept in the host's storage as the official host keeps them.</summary>
internal sealed class HostKeys
{
    private const string Container = "azure-webjobs-secrets";
    private const string Blob = "local/host.json";
    private const string DurableKey = "durabletask_extension";

    private HostKeys(string master, string function, string durable) => (Master, Function, Durable) = (master, function, durable);

    public string Master { get; }

    public string Function { get; }

    /// <summary>The key of the durable management endpoints.</summary>
    public string Durable { get; }

    /// <summary>Reads the keys, or makes and stores them; a <paramref name="given"/> function key takes the place of the stored one.</summary>
    public static async Task<HostKeys> LoadAsync(BlobServiceClient storage, string? given, CancellationToken cancellationToken)
    {
        var container = storage.GetBlobContainerClient(Container);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var blob = container.GetBlobClient(Blob);
        try
        {
            var made = new KeyFile(new("master", Make()), [new("default", Make())], [new(DurableKey, Make())]);
            await blob.UploadAsync(
                BinaryData.FromObjectAsJson(made, JsonSerializerOptions.Web),
                new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } },
                cancellationToken);
        }
        catch (RequestFailedException failure) when (failure.Status is 409 or 412)
        {
            // It is there already: from an earlier start, or from another host that starts at this moment.
        }

        var stored = (await blob.DownloadContentAsync(cancellationToken)).Value.Content.ToObjectFromJson<KeyFile>(JsonSerializerOptions.Web)!;
        return new(
            stored.MasterKey.Value,
            given ?? stored.FunctionKeys.First(key => key.Name == "default").Value,
            stored.SystemKeys.First(key => key.Name == DurableKey).Value);
    }

    /// <summary>200 where the request's <c>x-functions-key</c> header or <c>code</c> parameter opens that level, 401 where it opens nothing, 403 where it opens less.</summary>
    public int Check(HttpRequest request, string level)
    {
        // All are compared, so that the time taken tells nothing.
        var (function, durable, master) = (Shows(request, Function), Shows(request, Durable), Shows(request, Master));
        return level.ToUpperInvariant() switch
        {
            "ANONYMOUS" => 200,
            "FUNCTION" or "USER" when function | master => 200,
            "SYSTEM" when durable | master => 200,
            _ when master => 200,
            _ when function | durable => 403,
            _ => 401,
        };
    }

    private static bool Shows(HttpRequest request, string key)
    {
        var shown = request.Headers["x-functions-key"].FirstOrDefault() ?? request.Query["code"].FirstOrDefault();
        // Hashes are of one length, so that the time taken tells nothing of the key's length either.
        return shown is not null && CryptographicOperations.FixedTimeEquals(Hash(shown), Hash(key));
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static string Make() =>
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(40)).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    private sealed record KeyFile(Key MasterKey, IReadOnlyList<Key> FunctionKeys, IReadOnlyList<Key> SystemKeys);

    private sealed record Key(string Name, string Value, bool Encrypted = false);
}
