using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Container.Generator;

/// <summary>
/// Completes each record with <c>[JsonObject]</c>: a constructor that reads its members from a <c>JsonSource</c> in one
/// pass, and a method that writes them in the order of their declaration. What is generated is what stood in 59 files
/// by hand: calls of <c>JsonSource</c> and <c>JsonSink</c>, without reflection and without tables.
/// </summary>
[Generator]
public sealed class JsonRecordGenerator : IIncrementalGenerator
{
    private const string Attribute = "Container.Native.Json.JsonObjectAttribute";

    private static readonly DiagnosticDescriptor Unknown = new(
        "JSON001", "Not a JSON member", "JsonSource has no method for the type of '{0}'", "Json", DiagnosticSeverity.Error, true);

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<JsonRecord> records = context.SyntaxProvider.ForAttributeWithMetadataName(
            Attribute,
            static (node, _) => node is RecordDeclarationSyntax,
            static (found, _) => JsonRecord.Of((INamedTypeSymbol)found.TargetSymbol));
        context.RegisterSourceOutput(records, static (output, record) =>
        {
            if (record.Unknown is { } member) output.ReportDiagnostic(Diagnostic.Create(Unknown, null, member));
            else output.AddSource(record.FileName, record.Source);
        });
    }
}
