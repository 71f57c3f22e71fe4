namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Something that the function is given besides its trigger.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class InputBindingAttribute : BindingAttribute
{
    public InputBindingAttribute()
    {
    }
}
