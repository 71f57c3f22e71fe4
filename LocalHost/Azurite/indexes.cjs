// Azurite keeps its metadata in LokiJS, whose binary indexes it hardly uses: a listing reads every blob that there is, and a deletion sorts all of them anew.
// Both grow with all that was ever stored. Here the same answers come from the indexes.
const loki = require('lokijs');

// LokiJS exports neither of its classes: a result's is that of any result.
const { prototype: result } = new loki('').addCollection('').chain().constructor;
const { findAnd, remove } = result;

// Of several conditions only the first can use an index: that which tells the most goes first.
const telling = ['messageId', 'RowKey', 'blobName', 'name'];
result.findAnd = result.$and = function (conditions) {
  const rank = (condition) => {
    const [[property, value]] = Object.entries(condition);
    const at = telling.indexOf(property);
    return at >= 0 && this.collection.binaryIndices[property] && isIndexed(value) ? at : telling.length;
  };
  return findAnd.call(this, conditions.flatMap(ranged).sort((one, other) => rank(one) - rank(other)));
};

function isIndexed(value) {
  return typeof value === 'string' || (value !== null && typeof value === 'object' && '$between' in value);
}

// What begins with a prefix lies between it and the last text that does.
function ranged(condition) {
  const [[property, value]] = Object.entries(condition);
  if (typeof value?.$regex !== 'string' || !value.$regex.startsWith('^')) return [condition];
  const prefix = value.$regex.slice(1).replace(/\\(.)/g, '$1');
  return [{ [property]: { $between: [prefix, `${prefix}\uffff`] } }, condition];
}

// A few documents are taken out of the indexes one by one.
const few = 16;
result.remove = function () {
  if (!this.filterInitialized || this.filteredrows.length > few || !this.collection.adaptiveBinaryIndices) return remove.call(this);
  for (const document of this.filteredrows.map((row) => this.collection.data[row])) this.collection.remove(document);
  this.filteredrows = [];
  return this;
};
