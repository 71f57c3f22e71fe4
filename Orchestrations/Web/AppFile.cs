using System.Collections.Frozen;
using Curriculum.Texts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Orchestrations.Web;

/// <summary>A file of the pages, out of the app's own assembly.</summary>
internal sealed class AppFile(byte[] content, string contentType) : IActionResult
{
    /// <summary>Nothing runs, loads or is asked for but what this app serves, and no page frames these.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly FrozenDictionary<string, AppFile> Files = new[]
    {
        ("index.html", "text/html; charset=utf-8"), ("app.js", "text/javascript; charset=utf-8"), ("app.css", "text/css; charset=utf-8"), ("mark.svg", "image/svg+xml"),
    }.ToFrozenDictionary(file => file.Item1, file => new AppFile(Read(file.Item1), file.Item2), StringComparer.Ordinal);

    private readonly string _version = $"\"{Sha256Hex.Of(content)[..16]}\"";

    public static AppFile? Find(string name) => Files.GetValueOrDefault(name);

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        response.ContentType = contentType;
        response.Headers.ETag = _version;
        // Asked for again each time, and sent again only when it has changed.
        response.Headers.CacheControl = "no-cache";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (request.Headers.IfNoneMatch == _version)
            response.StatusCode = StatusCodes.Status304NotModified;
        else
            await response.Body.WriteAsync(content, context.HttpContext.RequestAborted);
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(AppFile).Assembly.GetManifestResourceStream($"web/{name}")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
