//! One component type in place of all function components.
//!
//! Yew instantiates its whole life cycle for every component type, some kilobytes each. Here it is
//! instantiated once, for a component whose properties are those of another behind a pointer: what
//! they are, how they compare and what runs is known only when it runs.

use std::{any::Any, ptr, rc::Rc};
use yew::{
    functional::{FunctionProvider, Hook, HookContext},
    html::HtmlResult,
    prelude::*,
    virtual_dom::{Key, VComp},
};

/// A function component and its properties.
#[derive(Clone, Properties)]
struct ErasedProps {
    component: Component,
    props: Rc<dyn Any>,
}

/// What is to be known of a function component.
#[derive(Clone, Copy)]
struct Component {
    run: fn(&mut HookContext, &dyn Any) -> HtmlResult,
    are_same: fn(&dyn Any, &dyn Any) -> bool,
}

impl PartialEq for ErasedProps {
    fn eq(&self, other: &Self) -> bool {
        ptr::fn_addr_eq(self.component.run, other.component.run)
            && (self.component.are_same)(&*self.props, &*other.props)
    }
}

/// Mounts a function component. Two of the same one beside each other need names of their own:
/// [`mount_as`].
pub(in crate::ui) fn mount<F: FunctionProvider + 'static>(props: F::Properties) -> Html {
    erased(component::<F>(), Rc::new(props), "")
}

/// Mounts a function component under a name that no sibling has.
pub(in crate::ui) fn mount_as<F: FunctionProvider + 'static>(
    name: &str,
    props: F::Properties,
) -> Html {
    erased(component::<F>(), Rc::new(props), name)
}

fn component<F: FunctionProvider + 'static>() -> Component {
    Component {
        run: |context, props| match props.downcast_ref() {
            Some(props) => F::run(context, props),
            None => Ok(Html::default()),
        },
        are_same: |one, other| {
            let (one, other) = (one.downcast_ref::<F::Properties>(), other.downcast_ref());
            one.is_some() && one == other
        },
    }
}

fn erased(component: Component, props: Rc<dyn Any>, name: &str) -> Html {
    // Another component at the same place must begin with hooks of its own: yew keeps those of the same
    // type and key.
    let mut key = (component.run as usize).to_string();
    key.push_str(name);
    let props = Rc::new(ErasedProps { component, props });
    VComp::new::<Erased>(props, Some(Key::from(key))).into()
}

#[component]
fn Erased(props: &ErasedProps) -> HtmlResult {
    use_component(props)
}

/// Runs the component's function with the hooks of this one.
struct Run<'a>(&'a ErasedProps);

impl Hook for Run<'_> {
    type Output = HtmlResult;

    fn run(self, context: &mut HookContext) -> HtmlResult {
        (self.0.component.run)(context, &*self.0.props)
    }
}

const fn use_component(props: &ErasedProps) -> Run<'_> {
    Run(props)
}
