using System.Net;
using LocalHost.Rpc;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace LocalHost.Http;

/// <summary>Forwards requests to the worker process's own web server.</summary>
internal sealed class RequestForwarder(IHttpForwarder forwarder) : IDisposable
{
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
    });

    public async Task ForwardAsync(HttpContext request, Uri? process, string invocation)
    {
        if (process is null)
            throw new HostException("Expected the app to take forwarded requests (ConfigureFunctionsWebApplication); its process does not.");
        await forwarder.SendAsync(request, process.ToString(), _client, ForwarderRequestConfig.Empty, new Transformer(invocation));
    }

    public void Dispose() => _client.Dispose();

    private sealed class Transformer(string invocation) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.TryAddWithoutValidation("x-ms-invocation-id", invocation);
        }
    }
}
