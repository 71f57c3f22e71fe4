namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>What a parameter is bound to.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class BindingAttribute : Attribute
{
    public BindingAttribute()
    {
    }
}
