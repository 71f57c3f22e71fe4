using Orchestrations.Outbound;

namespace Orchestrations.Datasets;

/// <summary>Fetches from allowed hosts; every redirect is held against the same list.</summary>
public sealed class ImportClient(ImportOptions options) : IDisposable
{
    private const int MostRedirects = 5;

    private readonly HttpClient _http = new(OutboundHandler.Create(options.AllowPrivateAddresses, "Datasets__AllowPrivateAddresses"))
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Writes what is at the address to a stream; gives why not, or null where all of it was written.</summary>
    public async Task<string?> FetchAsync(Uri url, Stream target, CancellationToken cancellationToken)
    {
        for (var hops = 0; hops <= MostRedirects; hops++)
        {
            if (options.Refusal(url) is { } refusal)
                return refusal;
            try
            {
                using var response = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if ((int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is { } next)
                {
                    url = new(url, next);
                    continue;
                }

                return response.IsSuccessStatusCode
                    ? await CopyAsync(response, target, cancellationToken)
                    : $"Expected {url.IdnHost} to answer 200; it answered {(int)response.StatusCode}.";
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                return $"Expected an answer from {url.IdnHost}: {failure.InnerException?.Message ?? failure.Message}";
            }
        }

        return $"Expected at most {MostRedirects} redirects, found more.";
    }

    public void Dispose() => _http.Dispose();

    private async Task<string?> CopyAsync(HttpResponseMessage response, Stream target, CancellationToken cancellationToken)
    {
        var expected = response.Content.Headers.ContentLength;
        if (expected > options.MaxBytes)
            return TooLarge(expected.Value);
        await using var source = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[64 * 1024];
        var written = 0L;
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if ((written += read) > options.MaxBytes)
                return TooLarge(written);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return null;
    }

    private string TooLarge(long found) => $"Expected at most {options.MaxBytes} bytes (setting Datasets__MaxBytes), found {found} or more.";
}
