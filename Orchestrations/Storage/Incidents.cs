using System.Text;
using System.Text.Json;
using Curriculum.Texts;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>What went wrong in a run and was mended, or not: told in its status, and part of nothing reproducible.</summary>
public sealed class Incidents(JsonBlobs blobs, TimeProvider clock)
{
    /// <summary>The newest so many are shown.</summary>
    internal const int Shown = 20;

    /// <summary>Tells of an incident; telling the same twice, as a repeated activity does, leaves one.</summary>
    public async Task TellAsync(string run, string what, CancellationToken cancellationToken)
    {
        var hash = Sha256Hex.Of(Encoding.UTF8.GetBytes(what))[..16];
        var incident = new Incident(clock.GetUtcNow(), what);
        await blobs.TryCreateAsync(
            StorageNames.RunsContainer,
            $"{Prefix(run)}{hash}.json",
            JsonSerializer.SerializeToUtf8Bytes(incident, StorageJson.Default.Incident),
            cancellationToken);
    }

    internal static string Prefix(string run) => $"{run}/incidents/";
}
