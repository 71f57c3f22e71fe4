using System.ComponentModel;
using System.Reflection;
using LocalHost.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace LocalHost.Triggers.Http;

/// <summary>Serves the app's HTTP functions at <c>/{prefix}/{route}</c>.</summary>
internal sealed class HttpFunctions(FunctionInvoker invoker, HostKeys keys, HubGate gate, ILogger logger)
{
    private static readonly string[] AllMethods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"];

    /// <summary>Refuses an HTTP function with a parameter that a request does not provide.</summary>
    /// <exception cref="HostSettingsException">There is one.</exception>
    public static void Check(FoundFunction function)
    {
        if (function.TriggerParameter.ParameterType != typeof(HttpRequest))
            throw new HostSettingsException($"Expected the HTTP function '{function.Name}' to take a Microsoft.AspNetCore.Http.HttpRequest and found {function.TriggerParameter.ParameterType}.");
        var values = Pattern(function, "").Parameters.Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (function.Others.FirstOrDefault(p => !values.Contains(p.Name!)) is { } other)
            throw new HostSettingsException($"Nothing binds the parameter '{other.Name}' of the HTTP function '{function.Name}': name it in the route.");
    }

    public static void Map(WebApplication web, IEnumerable<FoundFunction> functions, string prefix, HttpFunctions http)
    {
        // A path that exists under another method only is answered 404, as on the official host, and not 405.
        web.Use(async (context, next) =>
        {
            await next(context);
            if (context.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false }
                && context.GetEndpoint()?.Metadata.GetMetadata<FoundFunction>() is null)
            {
                context.Response.Headers.Allow = default;
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        });
        foreach (var function in functions)
            http.Map(web, function, prefix);
    }

    private void Map(WebApplication routes, FoundFunction function, string prefix)
    {
        var trigger = (HttpTriggerAttribute)function.Trigger;
        var methods = trigger.Methods is { Length: > 0 } given ? given.Select(m => m.ToUpperInvariant()) : AllMethods;
        routes.MapMethods(Pattern(function, prefix).RawText!, methods, context => RunAsync(function, trigger.AuthLevel, context))
            .WithMetadata(function);
    }

    private static RoutePattern Pattern(FoundFunction function, string prefix)
    {
        var route = ((HttpTriggerAttribute)function.Trigger).Route ?? function.Name;
        try
        {
            return RoutePatternFactory.Parse($"{prefix}/{route.TrimStart('/')}".TrimStart('/'));
        }
        catch (RoutePatternException e)
        {
            throw new HostSettingsException($"Expected '{route}' to be the route of the HTTP function '{function.Name}': {e.Message}");
        }
    }

    private async Task RunAsync(FoundFunction function, AuthorizationLevel level, HttpContext context)
    {
        if (!keys.Opens(context.Request, level))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        try
        {
            // What needs no key is how a host is asked whether it lives, and that one which waits does.
            if (level != AuthorizationLevel.Anonymous && await gate.RefusalAsync(context) is { } waiting)
            {
                await waiting.ExecuteAsync(context);
                return;
            }

            var result = await invoker.InvokeAsync(
                function,
                p => p == function.TriggerParameter ? context.Request : RouteValue(context, p),
                new Dictionary<object, object> { [FunctionContextExtensions.HttpContextKey] = context },
                context.RequestAborted);
            await HttpResults.WriteAsync(result, function, context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            // A body over the limit, for one: the request's fault and not the function's.
            context.Response.StatusCode = e.StatusCode;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (Exception e)
        {
            logger.FunctionFailed(e, function.Name);
            if (context.Response.HasStarted)
                context.Abort();
            else
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private static object? RouteValue(HttpContext context, ParameterInfo parameter)
    {
        if (context.GetRouteValue(parameter.Name!) is not string value)
            return parameter.HasDefaultValue ? parameter.DefaultValue : Nothing(parameter.ParameterType);
        return parameter.ParameterType == typeof(string)
            ? value
            : TypeDescriptor.GetConverter(parameter.ParameterType).ConvertFromInvariantString(value);
    }

    private static object? Nothing(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;
}
