using LocalHost.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;

namespace LocalHost.Triggers.Http;

/// <summary>Writes what an HTTP function returned.</summary>
internal static class HttpResults
{
    public static Task WriteAsync(object? result, FoundFunction function, HttpContext context) => result switch
    {
        // The function has written the response itself.
        null => Task.CompletedTask,
        IActionResult action => action.ExecuteResultAsync(new ActionContext(context, context.GetRouteData(), new ActionDescriptor())),
        IResult plain => plain.ExecuteAsync(context),
        _ => throw new InvalidOperationException(
            $"Expected the HTTP function '{function.Name}' to return an IActionResult and found {result.GetType()}: wrap it in an OkObjectResult."),
    };
}
