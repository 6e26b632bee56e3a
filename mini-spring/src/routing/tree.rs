//! The tree in which routes are looked up, segment by segment from the left.
//!
//! At each segment a static child comes before the parameter and the parameter before the tail;
//! where a choice leads nowhere, or to no route of the method, the next one is tried. A path that
//! ends at a node is answered by the routes that end there, then by its tail, which may be empty.
//!
//! Cost: a node is reached by one sequence of segments only, so a lookup enters every node at most
//! once, whatever the path looks like, and never goes deeper than the longest pattern. Going back
//! needs no stack: a node knows its parent, and the slash in front of a segment is found by looking
//! for it. Nothing is allocated.
//!
//! Nearly every request finds its route where the first choice is right everywhere; that is tried
//! first, by a loop that keeps nothing for going back.
//!
//! Segments are compared before they are decoded, so `%2F` never separates segments. One slash at
//! the end of the path is ignored. An empty segment matches nothing but a tail.

use std::ops::Range;

use http::Method;
use mini_spring_pattern::{Pattern, Segment};

use super::segment::{Piece, key};
use crate::http::head::Span;
use crate::http::percent::is_encoding_of;

/// A tree of patterns, whose ends are numbers of routes.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    /// The first is the root; nobody's child, so 0 as a child means that there is none.
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    /// Sorted by key.
    statics: Vec<Static>,
    parameter: usize,
    parent: usize,
    is_parameter: bool,
    /// The routes whose pattern ends here.
    ends: Endpoint,
    /// The routes that take the rest of the path from here.
    tail: Endpoint,
}

#[derive(Debug, Clone)]
struct Static {
    /// The first bytes of the text, which decide nearly always.
    key: u64,
    text: Box<str>,
    node: usize,
}

/// The routes of one shape: at most one for each method.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoint {
    routes: Vec<(Method, usize)>,
}

impl Endpoint {
    /// The route of exactly this method.
    pub(crate) fn exactly(&self, method: &Method) -> Option<usize> {
        self.routes
            .iter()
            .find(|(known, _)| known == method)
            .map(|&(_, route)| route)
    }

    /// The route that answers this method. GET answers HEAD (RFC 9110, section 9.3.2).
    #[inline]
    fn answering(&self, method: &Method) -> Option<usize> {
        let found = self.exactly(method);
        if found.is_none() && method == Method::HEAD {
            return self.exactly(&Method::GET);
        }
        found
    }

    pub(crate) fn add(&mut self, method: Method, route: usize) {
        self.routes.push((method, route));
    }
}

impl Tree {
    pub(crate) fn new() -> Self {
        Tree {
            nodes: vec![Node::default()],
        }
    }

    /// Where routes of this shape end; the place is made if it is new.
    pub(crate) fn endpoint(&mut self, pattern: &Pattern) -> &mut Endpoint {
        let mut node = 0;
        for segment in &pattern.path {
            node = match segment {
                Segment::Static(text) => self.static_child(node, text),
                Segment::Parameter(_) => self.parameter_child(node),
                Segment::Tail(_) => return &mut self.nodes[node].tail,
            };
        }
        &mut self.nodes[node].ends
    }

    fn static_child(&mut self, parent: usize, text: &str) -> usize {
        let statics = &self.nodes[parent].statics;
        if let Some(known) = statics.iter().find(|child| *child.text == *text) {
            return known.node;
        }
        let key = key(text.as_bytes());
        let place = statics.partition_point(|child| child.key < key);
        let node = self.child(parent, false);
        let text = Box::from(text);
        let statics = &mut self.nodes[parent].statics;
        statics.insert(place, Static { key, text, node });
        node
    }

    fn parameter_child(&mut self, parent: usize) -> usize {
        if self.nodes[parent].parameter == 0 {
            self.nodes[parent].parameter = self.child(parent, true);
        }
        self.nodes[parent].parameter
    }

    fn child(&mut self, parent: usize, is_parameter: bool) -> usize {
        self.nodes.push(Node {
            parent,
            is_parameter,
            ..Node::default()
        });
        self.nodes.len() - 1
    }

    /// The most specific route for this method and path; `parameters` gets where in the buffer the
    /// values of its parameters stand.
    pub(crate) fn find(
        &self,
        method: &Method,
        buffer: &[u8],
        path: Span,
        parameters: &mut Vec<Span>,
    ) -> Option<usize> {
        let Range { start, end } = extent(buffer, path)?;
        self.straight(method, buffer, start..end, parameters)
            .or_else(|| self.with_returns(method, buffer, start..end, parameters))
    }

    /// Tries the first choice everywhere, which is right for nearly all requests.
    fn straight(
        &self,
        method: &Method,
        buffer: &[u8],
        path: Range<usize>,
        parameters: &mut Vec<Span>,
    ) -> Option<usize> {
        let Range { start: mut at, end } = path;
        let mut node = &self.nodes[0];
        parameters.clear();
        while at < end {
            let segment = Piece::at(buffer, at + 1, end);
            let next = at + 1 + segment.length;
            if let Some(child) = node.static_for(segment) {
                node = &self.nodes[child];
            } else if node.parameter != 0 && segment.length > 0 {
                parameters.push(Span::new(at + 1, next));
                node = &self.nodes[node.parameter];
            } else {
                parameters.push(Span::new(at + 1, end));
                return node.tail.answering(method);
            }
            at = next;
        }
        node.ends.answering(method)
    }

    /// Tries every choice.
    #[cold]
    fn with_returns(
        &self,
        method: &Method,
        buffer: &[u8],
        path: Range<usize>,
        parameters: &mut Vec<Span>,
    ) -> Option<usize> {
        Walk::new(self, buffer, path, parameters).until(|endpoint| endpoint.answering(method))
    }

    /// The methods of all routes that match this path, in no order and perhaps repeated.
    pub(crate) fn methods(&self, path: &[u8]) -> Vec<Method> {
        let mut methods = Vec::new();
        let mut parameters = Vec::new();
        if let Some(extent) = extent(path, Span::new(0, path.len())) {
            Walk::new(self, path, extent, &mut parameters).until(|endpoint| {
                methods.extend(endpoint.routes.iter().map(|(method, _)| method.clone()));
                None::<()>
            });
        }
        methods
    }
}

/// Where a path stands without the slash at its end; `None` for what is no path, such as the `*` of
/// OPTIONS.
#[inline]
fn extent(buffer: &[u8], path: Span) -> Option<Range<usize>> {
    let (start, end) = (path.start as usize, path.end as usize);
    match path.of(buffer) {
        [] => Some(start..end),
        [b'/', .., b'/'] | [b'/'] => Some(start..end - 1),
        [b'/', ..] => Some(start..end),
        _ => None,
    }
}

/// So many children are looked through one by one, which is faster than halving them.
const FEW: usize = 12;

impl Node {
    /// The child whose text is this segment, which is still encoded.
    #[inline(always)]
    fn static_for(&self, segment: Piece<'_>) -> Option<usize> {
        if segment.encoded {
            return self.static_for_encoded(segment);
        }
        let children = match self.statics.len() {
            0..=FEW => &self.statics[..],
            _ => self.with_key(segment.key),
        };
        children
            .iter()
            .find(|child| child.key == segment.key && segment.is(&child.text))
            .map(|child| child.node)
    }

    #[inline(never)]
    fn with_key(&self, key: u64) -> &[Static] {
        let first = self.statics.partition_point(|child| child.key < key);
        let count = self.statics[first..].partition_point(|child| child.key == key);
        &self.statics[first..first + count]
    }

    #[cold]
    fn static_for_encoded(&self, segment: Piece<'_>) -> Option<usize> {
        let same = |child: &&Static| is_encoding_of(segment.bytes(), &child.text);
        self.statics.iter().find(same).map(|child| child.node)
    }
}

/// The way of one path through the tree. Invariant: the path up to `at` matches the segments from
/// the root to `node`, and `parameters` holds the values of the parameters among them.
struct Walk<'w> {
    tree: &'w Tree,
    buffer: &'w [u8],
    parameters: &'w mut Vec<Span>,
    node: usize,
    /// The end of the path, or the slash before the next segment.
    at: usize,
    /// Where the path ends, without the slash at its end.
    end: usize,
}

impl<'w> Walk<'w> {
    fn new(
        tree: &'w Tree,
        buffer: &'w [u8],
        path: Range<usize>,
        parameters: &'w mut Vec<Span>,
    ) -> Self {
        parameters.clear();
        Walk {
            tree,
            buffer,
            parameters,
            node: 0,
            at: path.start,
            end: path.end,
        }
    }

    /// Shows the endpoints that match, the most specific first, until one yields something.
    fn until<T>(mut self, mut look: impl FnMut(&'w Endpoint) -> Option<T>) -> Option<T> {
        loop {
            if self.at < self.end {
                let segment = self.segment();
                if self.enter_static(segment) || self.enter_parameter(segment) {
                    continue;
                }
            } else if let Some(found) = look(&self.tree.nodes[self.node].ends) {
                return Some(found);
            }
            // Nothing below this node: its tail, then the choices that are left further up.
            loop {
                if let Some(found) = self.look_at_tail(&mut look) {
                    return Some(found);
                }
                if self.node == 0 {
                    return None;
                }
                if self.leave() {
                    break;
                }
            }
        }
    }

    fn current(&self) -> &'w Node {
        &self.tree.nodes[self.node]
    }

    /// The segment behind the slash at `at`.
    fn segment(&self) -> Piece<'w> {
        Piece::at(self.buffer, self.at + 1, self.end)
    }

    fn enter_static(&mut self, segment: Piece<'_>) -> bool {
        let Some(child) = self.current().static_for(segment) else {
            return false;
        };
        self.node = child;
        self.at += 1 + segment.length;
        true
    }

    fn enter_parameter(&mut self, segment: Piece<'_>) -> bool {
        let child = self.current().parameter;
        if child == 0 || segment.length == 0 {
            return false;
        }
        let start = self.at + 1;
        self.at = start + segment.length;
        self.push(start, self.at);
        self.node = child;
        true
    }

    fn look_at_tail<T>(&mut self, look: impl FnOnce(&'w Endpoint) -> Option<T>) -> Option<T> {
        let tail = &self.current().tail;
        if tail.routes.is_empty() {
            return None;
        }
        self.push((self.at + 1).min(self.end), self.end);
        let found = look(tail);
        if found.is_none() {
            self.parameters.pop();
        }
        found
    }

    /// Goes back to the parent, and from there into its parameter if that is still untried.
    fn leave(&mut self) -> bool {
        let left = self.current();
        let slash = self.buffer[..self.at]
            .iter()
            .rposition(|&byte| byte == b'/');
        self.node = left.parent;
        self.at = slash.unwrap_or(0);
        if left.is_parameter {
            self.parameters.pop();
            return false;
        }
        self.current().parameter != 0 && self.enter_parameter(self.segment())
    }

    fn push(&mut self, start: usize, end: usize) {
        self.parameters.push(Span::new(start, end));
    }
}
