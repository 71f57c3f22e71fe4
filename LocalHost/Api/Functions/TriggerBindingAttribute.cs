namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>What starts the function; its parameter receives what started it.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class TriggerBindingAttribute : BindingAttribute
{
    public TriggerBindingAttribute()
    {
    }
}
