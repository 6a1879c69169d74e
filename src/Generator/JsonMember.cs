using Microsoft.CodeAnalysis;

namespace Container.Generator;

/// <summary>One member of a JSON object.</summary>
/// <param name="Name">Its name in the document: that of the property with a small letter, or that of <c>[JsonName]</c>.</param>
/// <param name="Property">The property.</param>
/// <param name="Read">What reads it; null where nothing does.</param>
internal sealed record JsonMember(string Name, string Property, string? Read)
{
    public static JsonMember Of(IPropertySymbol property)
    {
        string name = property.GetAttributes()
            .FirstOrDefault(attribute => attribute.AttributeClass?.Name == "JsonNameAttribute")
            ?.ConstructorArguments[0].Value as string ?? char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
        return new JsonMember(name, property.Name, Reader(property));
    }

    private static string? Reader(IPropertySymbol property)
    {
        ITypeSymbol type = property.Type;
        bool optional = property.NullableAnnotation == NullableAnnotation.Annotated;
        if (type.SpecialType == SpecialType.System_String) return optional ? "json.OptionalText()" : "json.Text()";
        if (type.IsValueType) return Scalar(type);
        string? read = type is INamedTypeSymbol { IsGenericType: true } generic ? Collection(generic) : $"json.Object<{Full(type)}>()";

        // Null counts as absent: the property keeps what it is initialized with.
        return read is null || optional ? read : $"{read} ?? {property.Name}";
    }

    private static string? Scalar(ITypeSymbol type)
    {
        bool optional = type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        ITypeSymbol value = optional ? ((INamedTypeSymbol)type).TypeArguments[0] : type;
        string? method = value.SpecialType switch
        {
            SpecialType.System_Boolean => "Flag",
            SpecialType.System_Int32 => "Int32",
            SpecialType.System_Int64 => "Int64",
            SpecialType.System_UInt32 => "UInt32",
            SpecialType.System_UInt64 => "UInt64",
            SpecialType.System_UInt16 when optional => "UInt16",
            _ when optional && value.Name == nameof(DateTimeOffset) => "Time",
            _ => null,
        };
        return method is null ? null : $"json.{(optional ? "Optional" : "")}{method}()";
    }

    private static string? Collection(INamedTypeSymbol type)
    {
        ITypeSymbol item = type.TypeArguments[^1];
        return (type.Name, item.SpecialType) switch
        {
            ("IReadOnlyList", SpecialType.System_String) => "json.Texts()",
            ("IReadOnlyList", SpecialType.System_UInt32) => "json.UInt32s()",
            ("IReadOnlyList", SpecialType.None) => $"json.Objects<{Full(item)}>()",
            ("IReadOnlyDictionary", SpecialType.System_String) => "json.TextMap()",
            ("IReadOnlyDictionary", SpecialType.None) => $"json.ObjectMap<{Full(item)}>()",
            _ => null,
        };
    }

    private static string Full(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
}
