using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Orchestrations.Http;

/// <summary>A text as the response.</summary>
public sealed class TextReply(string text, string contentType) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context)
    {
        context.HttpContext.Response.ContentType = contentType;
        return context.HttpContext.Response.WriteAsync(text, context.HttpContext.RequestAborted);
    }
}
